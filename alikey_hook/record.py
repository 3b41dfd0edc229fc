"""`NamedTuple` as `typing` has it, without `typing`: to import that takes longer than to look for what leaks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from typing import NamedTuple as NamedTuple
else:

    class _Type(type):
        """Makes a tuple's class of what is annotated, in that order; what is assigned there is a default."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            fields = tuple(namespace.get("__annotations__", ()))
            namespace["_defaults"] = {field: namespace.pop(field) for field in fields if field in namespace}
            namespace["_fields"] = namespace["__match_args__"] = fields
            namespace["__slots__"] = ()
            for at, field in enumerate(fields):
                namespace[field] = property(_getter(at))
            return super().__new__(cls, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_Type):
        """A tuple whose items have names: the base of a class with nothing but annotations, defaults and methods."""

        def __new__(cls, *values: Any, **named: Any) -> Any:
            """All the fields, by place or by name, as any call has them. Raises TypeError."""
            if named or len(values) != len(cls._fields):
                rest = cls._fields[len(values) :]
                known = cls._defaults | named
                if len(values) > len(cls._fields) or not named.keys() <= set(rest) or not known.keys() >= set(rest):
                    raise TypeError(f"{cls.__name__} is made of {', '.join(cls._fields)}")
                values += tuple(known[field] for field in rest)
            return tuple.__new__(cls, values)

        def __getnewargs__(self) -> tuple[Any, ...]:
            """For pickle."""
            return tuple(self)

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{field}={value!r}' for field, value in self._asdict().items())})"

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **named: Any) -> Any:
            return type(self)(**self._asdict() | named)


def _getter(at: int) -> Callable[[tuple[Any, ...]], Any]:
    return lambda values: values[at]
