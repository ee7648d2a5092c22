"""The code on paper: copied by hand, read aloud, typed in again."""

from __future__ import annotations

import base64
import hashlib

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kallari.history.seals.codes import ALPHABET, paper_code, read_paper_code

numbers = st.integers(1, 999_999)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(numbers, digests)
def test_a_code_is_read_back(number: int, digest: str) -> None:
    read = read_paper_code(paper_code(number, digest))

    assert read.number == number
    assert read.fits(digest)


@given(numbers, digests, st.integers(0, 255))
def test_a_code_holds_the_first_120_bits_of_the_digest(
    number: int, digest: str, place: int
) -> None:
    flipped = f"{int(digest, 16) ^ (1 << (255 - place)):064x}"

    assert read_paper_code(paper_code(number, digest)).fits(flipped) == (place >= 120)


def test_the_code_holds_the_digest_in_base_32() -> None:
    """Against the standard library's RFC 4648 base 32, letter by letter in the other alphabet."""
    digest = hashlib.sha256(b"kallari")
    rfc4648 = base64.b32encode(digest.digest()[:15]).decode()
    crockford = rfc4648.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET))

    number, *groups, check = paper_code(42, digest.hexdigest()).split("-")

    assert (number, "".join(groups)) == ("42", crockford)
    assert [len(group) for group in groups] == [4] * 6
    assert len(check) == 1


@given(numbers, digests, st.data())
def test_one_wrong_character_is_noticed(number: int, digest: str, data: st.DataObject) -> None:
    code = paper_code(number, digest)
    place = data.draw(st.sampled_from([i for i, char in enumerate(code) if char != "-"]))
    digits_only = place < len(str(number))
    wrong = data.draw(
        st.sampled_from("0123456789" if digits_only else ALPHABET).filter(
            lambda char: char != code[place]
        )
    )

    with pytest.raises(ValidationError) as refused:
        read_paper_code(code[:place] + wrong + code[place + 1 :])
    assert refused.value.code == "seal_code_invalid"


@given(numbers, digests, st.data())
def test_two_exchanged_characters_are_noticed(
    number: int, digest: str, data: st.DataObject
) -> None:
    code = list(paper_code(number, digest))
    places = [i for i, char in enumerate(code) if char != "-"]
    one, two = data.draw(
        st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True).filter(
            lambda pair: code[pair[0]] != code[pair[1]]
        )
    )
    code[one], code[two] = code[two], code[one]

    with pytest.raises(ValidationError):
        read_paper_code("".join(code))


def test_small_letters_spaces_and_look_alikes_are_read() -> None:
    digest = hashlib.sha256(b"sello 0").hexdigest()
    code = paper_code(10, digest)
    spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert {"o", "l"} <= set(spoken)

    assert read_paper_code(f"  {spoken} ") == read_paper_code(code)


@pytest.mark.parametrize("text", ["", "42", "hola", "42-7XKQ", "0" * 30, "42-ÑÑÑÑ-" + "0" * 21])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_paper_code(text)
