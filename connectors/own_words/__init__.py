"""What all provinces share that speak words of their own: access, pages, rows, acts, logs."""
