"""History that cannot be rewritten silently: what django-simple-history lacks.

`records`     the `History` field that every model carries, and the columns it adds
`context`     who acts, in which request, and why
`changes`     the change list: all models in one list, newest first
`seals`       the chain of digests over all history rows, and its verification
`bulk`        the only bulk writes allowed on a model with history
"""
