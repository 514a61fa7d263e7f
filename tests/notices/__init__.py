"""Publication: outbox, signer, client, worker."""
