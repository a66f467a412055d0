"""The explorer: GraphiQL, served by the hub itself and from nowhere else."""
