"""The chain of digests over all history rows, and its verification.

`canonical`   how a history row and a seal become bytes: the form that docs/history.md describes
`codes`       the short code that is written on paper
`tables`      which history tables there are, and how they are read
`writing`     `manage.py seal`
`verifying`   `manage.py verify_history`: history against seals, records against history
`guards`      the triggers, rules and rights that stand before tampering: are they still there?
"""
