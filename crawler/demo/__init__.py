"""The bundled sample site: our own prose, served on loopback for `unionnews demo` and the tests."""
