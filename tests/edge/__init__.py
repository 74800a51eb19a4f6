"""The edge: identity, HTTP, documents, figures, logs, and the commands about people."""
