"""How Google's client library for Python speaks to a practice server. Needs httplib2 (Debian: python3-googleapi)."""
import httplib2


class TokenHttp(httplib2.Http):
    """Sends the token, and leaves 308 alone: httplib2 would follow it as a redirect."""

    def __init__(self, token):
        super().__init__()
        self.token = token
        self.redirect_codes = self.redirect_codes - {308}

    def request(self, uri, method="GET", body=None, headers=None, *rest, **more):
        headers = dict(headers or {}, authorization="Bearer " + self.token)
        return super().request(uri, method, body, headers, *rest, **more)
