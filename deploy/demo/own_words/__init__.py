"""Provinces that tell what they keep in their own words: by REST, a database, files.

They keep the same register as the reference province (``deploy.demo.province``), so that
one check fits all; what they show of it are their own tables, columns, codes and ways to
write, and the mapping files in ``deploy/demo/mappings`` say what those mean. Like the
reference province they import nothing of the hub. Read ``words`` first, then one province
(``zhejiang``: REST, ``shandong``: a database, ``hubei``: files) beside its mapping, then
what serves it: ``interface``, ``office``, or ``delivery`` and ``clerk``.
"""
