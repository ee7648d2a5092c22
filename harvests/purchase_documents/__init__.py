"""The electronic *liquidación de compra* (document type 03 of Ecuador's tax office, SRI).

Whoever buys from sellers that cannot issue invoices issues this document in their stead. Here its
data is prepared: number, access key (`access_key`), XML (`document`), held against the published
structure (`structure`). Signing it (XAdES-BES) and sending it to the tax office is not done by this
program: whoever holds the electronic signature does that with the file.
"""
