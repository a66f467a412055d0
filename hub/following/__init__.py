"""Following rights cases between provinces: roles, tasks, clocks, timelines."""
