"""Union organisations: who they are, who is above whom, and who acts for whom."""
