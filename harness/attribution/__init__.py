"""Exchange to recipient: host, company, SDK, party."""
