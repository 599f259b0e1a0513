"""The OpenAPI document as a promise: what was released is kept in docs/openapi.json, and only grows."""
