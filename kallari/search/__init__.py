"""Names in any spelling, and numbers as on paper, for every app.

`spelling`    what two spellings have in common: `search_key` and `sound_key`, in Python and in SQL
`fields`      the two generated columns that a model with a name carries
`querysets`   `named` and `search` on such a model
`names`       which row a typed name means, for imports and forms: same, sounds alike, near
`numbers`     which number a person means who types one as on paper
"""
