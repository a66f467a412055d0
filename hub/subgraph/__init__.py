"""The province kit: serves the province contract in front of any connector."""
