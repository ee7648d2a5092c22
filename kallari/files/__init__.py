"""Files that belong to records: photographs of people and chakras, evidence, certificates.

`cleaning`   a file of unknown make becomes a clean photograph or document, or is refused in words
`models`     `StoredFile`: kept in the database, never changed, erased when a person wishes it
`services`   store a photograph, store a document, erase
`forms`      `PhotographField`, `DocumentField` for pages
`responses`  `file_response`: how a record's view hands out its file

A record points at its files with a foreign key (PROTECT) and hands them out at an address of its
own, where its own rights decide; no address names a file alone.
"""
