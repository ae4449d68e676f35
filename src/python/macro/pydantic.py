"""The part of pydantic 2 that data models of template collections use: strict models that check what they are given."""

import types
import typing

StrictStr = typing.Annotated[str, "strict"]
StrictInt = typing.Annotated[int, "strict"]
StrictFloat = typing.Annotated[float, "strict"]
StrictBool = typing.Annotated[bool, "strict"]
ConfigDict = dict

MISSING = object()


class ValidationError(ValueError):
    def __init__(self, title, problems):
        self.title = title
        self.problems = problems
        lines = [f"{'.'.join(map(str, place))}\n  {text}" for place, text in problems]
        count = len(problems)
        super().__init__(f"{count} validation error{'' if count == 1 else 's'} for {title}\n" + "\n".join(lines))

    def errors(self):
        return [{"loc": tuple(place), "msg": text} for place, text in self.problems]


class FieldInfo:
    def __init__(self, default=MISSING, default_factory=None):
        self.default = default
        self.default_factory = default_factory


def Field(default=MISSING, *, default_factory=None, **_ignored):
    return FieldInfo(MISSING if default is ... else default, default_factory)


def model_validator(*, mode):
    def mark(function):
        target = function.__func__ if isinstance(function, classmethod) else function
        target._model_validator = mode
        return function

    return mark


def field_validator(*fields, mode="after"):
    def mark(function):
        target = function.__func__ if isinstance(function, classmethod) else function
        target._field_validator = (fields, mode)
        return function

    return mark


class Problem(Exception):
    def __init__(self, text, place=()):
        super().__init__(text)
        self.place = list(place)


class BaseModel:
    model_config = {}
    model_fields = {}

    def __init_subclass__(cls, **_ignored):
        super().__init_subclass__()
        fields = dict(cls.__mro__[1].model_fields)
        hints = typing.get_type_hints(cls, include_extras=True)
        for name in getattr(cls, "__annotations__", {}):
            if name == "model_config" or name.startswith("_") or typing.get_origin(hints[name]) is typing.ClassVar:
                continue
            given = cls.__dict__.get(name, MISSING)
            info = given if isinstance(given, FieldInfo) else FieldInfo(given)
            fields[name] = (hints[name], info)
        cls.model_fields = fields

    def __init__(self, **data):
        for function in self._validators("before"):
            data = function(data)
        problems = []
        values = {}
        for name, (kind, info) in type(self).model_fields.items():
            try:
                values[name] = self._field(name, kind, info, data)
            except Problem as problem:
                problems.append(([name, *problem.place], str(problem)))
        extra = {name: value for name, value in data.items() if name not in type(self).model_fields}
        policy = type(self).model_config.get("extra", "ignore")
        if policy == "forbid":
            problems += [([name], "Extra inputs are not permitted") for name in extra]
        if problems:
            raise ValidationError(type(self).__name__, problems)
        self.__dict__.update(values)
        self.__dict__["model_fields_set"] = {name for name in data if name in values or policy == "allow"}
        self.__dict__["model_extra"] = extra if policy == "allow" else None
        if policy == "allow":
            self.__dict__.update(extra)
        for function in self._validators("after"):
            function()

    def _validators(self, mode):
        for name in dir(type(self)):
            function = getattr(type(self), name, None)
            if getattr(function, "_model_validator", None) == mode:
                yield getattr(self, name)

    def _field(self, name, kind, info, data):
        if name not in data:
            if info.default_factory is not None:
                return info.default_factory()
            if info.default is MISSING:
                raise Problem("Field required")
            return info.default
        value = check(kind, data[name])
        for attribute in dir(type(self)):
            fields, _mode = getattr(getattr(type(self), attribute, None), "_field_validator", ((), None))
            if name in fields:
                value = getattr(type(self), attribute)(value)
        return value

    @classmethod
    def model_validate(cls, data):
        return data if isinstance(data, cls) else cls(**data)

    def model_dump(self, *, exclude_unset=False, exclude_none=False, exclude=(), include=None, **_ignored):
        names = [*type(self).model_fields, *(self.__dict__.get("model_extra") or {})]
        dumped = {}
        for name in names:
            if exclude_unset and name not in self.model_fields_set:
                continue
            value = dump(getattr(self, name), exclude_unset)
            if name in (exclude or ()) or (include is not None and name not in include):
                continue
            if not (exclude_none and value is None):
                dumped[name] = value
        return dumped

    def __eq__(self, other):
        return type(self) is type(other) and self.model_dump() == other.model_dump()

    def __repr__(self):
        fields = ", ".join(f"{name}={value!r}" for name, value in self.model_dump().items())
        return f"{type(self).__name__}({fields})"


def dump(value, exclude_unset):
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=exclude_unset)
    if isinstance(value, dict):
        return {key: dump(item, exclude_unset) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return type(value)(dump(item, exclude_unset) for item in value)
    return value


def check(kind, value):
    """The value as the type has it. Raises Problem."""
    if kind is typing.Any:
        return value
    if kind is None or kind is type(None):
        if value is not None:
            raise Problem("Input should be None")
        return value
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return check_strict(typing.get_args(kind)[0], value) if "strict" in kind.__metadata__ else check(kind.__origin__, value)
    if origin in (typing.Union, types.UnionType):
        return check_union(typing.get_args(kind), value)
    if origin is typing.Literal:
        if value not in typing.get_args(kind):
            raise Problem(f"Input should be one of {typing.get_args(kind)}")
        return value
    if origin in (list, set, tuple, frozenset):
        return check_items(origin, typing.get_args(kind), value)
    if origin is dict:
        key_kind, item_kind = typing.get_args(kind)
        return {check(key_kind, key): check(item_kind, item) for key, item in expect(dict, value).items()}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if isinstance(value, kind):
            return value
        try:
            return kind(**expect(dict, value))
        except ValidationError as error:
            place, text = error.problems[0]
            raise Problem(text, place) from None
    return check_plain(kind, value)


def check_strict(kind, value):
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Problem(f"Input should be a valid {kind.__name__}")
    return value


def check_union(kinds, value):
    problem = None
    for kind in kinds:
        try:
            return check(kind, value)
        except Problem as error:
            problem = error
    raise problem


def check_items(origin, kinds, value):
    expect((list, tuple, set, frozenset), value)
    items = []
    for index, item in enumerate(value):
        try:
            items.append(check(kinds[0], item) if kinds else item)
        except Problem as problem:
            raise Problem(str(problem), [index, *problem.place]) from None
    return origin(items)


def check_plain(kind, value):
    if kind in (int, float) and not isinstance(value, bool):
        try:
            return kind(value)
        except (TypeError, ValueError):
            raise Problem(f"Input should be a valid {kind.__name__}") from None
    return expect(kind, value)


def expect(kind, value):
    if isinstance(kind, (type, tuple)) and not isinstance(value, kind):
        name = kind.__name__ if isinstance(kind, type) else "list"
        raise Problem(f"Input should be a valid {name}")
    return value
