"""Programs that exist in public, imitated request by request over HTTP (meetergo-v4-api.md 3): no code of theirs."""
