"""What `import genrelab as gl` offers to notebooks and programs: tables, rules, champions, FMA files and SQL.

Conventions: every function reads the home that `gl.home` set, else `GENRELAB_HOME`; nothing is written. Tables come
back as pandas frames, or as Arrow where a function says so. An error is a `GenrelabError`: what is wrong, what was
found, what is allowed, what to do. Sample data is announced by one `SampleDataWarning` for each version of a table.

`gl.rules` and `gl.tables` share their names with packages of the library; `callable_package` makes a call of the
package a call of the function, so that both work in any order of imports.

Computing does not belong here: each function calls the part of the library that also serves the flows.
"""
