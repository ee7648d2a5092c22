def url() -> str:
    raise NotImplementedError
