"""Two thousand transfers while everything is killed, cut off and slowed (issue 4)."""
