"""A believable, made-up population: seeded, so that it is the same every time.

Nobody here exists. Read ``life`` for what happens to a worker, ``telling`` for
what each province knows of it, ``building`` for how the files are written.
"""
