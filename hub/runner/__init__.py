"""The runner: the background process that delivers commands, ends waits and calls out."""
