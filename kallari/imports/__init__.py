"""Lists that people already have, taken in from a file: look first, then write.

`reading`    a file of unknown make becomes a table of plain text, or is refused in words
`plans`      what a file would do, row by row: new, changed, same, to be asked, repeated, wrong
`models`     `Upload`: the file between looking and writing, kept in the database
`services`   take a file in, carry its plan out, put it away
`views`      the three pages: choose a file, look at its plan, read what was done
`forms`      the one field of the first page

An app makes one `plans.Importer` for each kind of list and three addresses for it.
"""
