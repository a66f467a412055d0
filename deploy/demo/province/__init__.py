"""The reference province: a small real system that a partner reads first.

It implements ``schema/province.graphql`` and imports nothing of the hub, so that
the directory can be copied as a start. Read it in this order: ``tables`` (what
the province keeps), ``register`` (how it is read), ``types`` (the contract over
it), ``subgraph`` (federation), ``server`` (HTTP), ``__main__`` (the command). Then
how members come and go: ``rules`` (what may be done), ``ledger`` (what is written),
``acting`` (one transaction for a request), ``mutation`` (the contract over it) and
``compare`` (what stands in the register, after a test).
"""
