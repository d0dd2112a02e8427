# Two commands do everything: `make demo` and `make test`.
