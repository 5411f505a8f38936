using System.Text.Json;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <content>The constraint tree and its operands.</content>
public ref partial struct SearchRequestReader
{
    private const string ConstraintMemberNames = "attribute, op, value, values, from, to, unit, unknown, weight, or one of the groups any, all, not";

    private Constraint[] ReadConstraints(int depth, ConstraintPlace place)
    {
        var start = _constraintStack.Count;
        if (!BeginArray("A list of constraints"))
        {
            return [];
        }
        while (NextElement("A list of constraints", int.MaxValue, 0))
        {
            if (ReadConstraint(depth, place) is { } constraint)
            {
                _constraintStack.Add(constraint);
            }
        }
        var count = _constraintStack.Count - start;
        if (count == 0)
        {
            return [];
        }
        var constraints = new Constraint[count];
        _constraintStack.CopyTo(start, constraints, 0, count);
        _constraintStack.RemoveRange(start, count);
        return constraints;
    }

    private Constraint? ReadConstraint(int depth, ConstraintPlace place)
    {
        if (!IsObject("A constraint", "{\"attribute\":\"price\",\"op\":\"lte\",\"value\":…}"))
        {
            return null;
        }
        var start = _json.TokenStartIndex;
        if (++_constraintCount > SearchLimits.Constraints)
        {
            throw Fatal(SearchProblems.TooManyConstraints, $"A request holds at most {SearchLimits.Constraints} constraints, groups included; `in` takes many values in one.");
        }
        string? attribute = null, unit = null;
        Operator? op = null;
        ConstraintValue? value = null, from = null, to = null;
        ConstraintValue[]? values = null;
        UnknownPolicy? unknown = null;
        double? weight = null;
        Constraint[]? any = null, all = null, not = null;
        var single = false;
        uint seen = 0;
        while (NextMember(ConstraintMembers, ConstraintMemberNames, ref seen, out var member))
        {
            switch (member)
            {
                case 0:
                    attribute = ReadKey("attribute");
                    break;
                case 1:
                    op = ReadOperator();
                    break;
                case 2:
                    value = ReadValue();
                    break;
                case 3:
                    values = ReadValues();
                    break;
                case 4:
                    from = ReadValue();
                    break;
                case 5:
                    to = ReadValue();
                    break;
                case 6:
                    unit = ReadText("unit");
                    break;
                case 7:
                    unknown = ReadUnknown();
                    break;
                case 8:
                    weight = ReadWeight(place);
                    break;
                case 9:
                    any = ReadGroup(depth);
                    break;
                case 10:
                    all = ReadGroup(depth);
                    break;
                default:
                    single = _json.TokenType == JsonTokenType.StartObject;
                    not = ReadGroup(depth);
                    break;
            }
        }
        if (!HasRightMembers(seen, op, start))
        {
            return null;
        }
        return new Constraint
        {
            Attribute = attribute,
            Op = op,
            Value = value,
            Values = values,
            From = from,
            To = to,
            Unit = unit,
            Unknown = unknown,
            Weight = weight,
            Any = any,
            All = all,
            Not = not,
            HasSingleNot = single,
        };
    }

    private static int ConstraintMembers(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("op"u8) ? 1 : name.SequenceEqual("to"u8) ? 5 : -1,
        3 => name.SequenceEqual("any"u8) ? 9 : name.SequenceEqual("all"u8) ? 10 : name.SequenceEqual("not"u8) ? 11 : -1,
        4 => name.SequenceEqual("unit"u8) ? 6 : name.SequenceEqual("from"u8) ? 4 : -1,
        5 => name.SequenceEqual("value"u8) ? 2 : -1,
        6 => name.SequenceEqual("values"u8) ? 3 : name.SequenceEqual("weight"u8) ? 8 : -1,
        7 => name.SequenceEqual("unknown"u8) ? 7 : -1,
        9 => name.SequenceEqual("attribute"u8) ? 0 : -1,
        _ => -1,
    };

    /// <summary>Whether the members that were given make one condition or one group, and a condition has the operands of its operator.</summary>
    private bool HasRightMembers(uint seen, Operator? op, long start)
    {
        const uint attributeMember = 1 << 0, opMember = 1 << 1, value = 1 << 2, values = 1 << 3, from = 1 << 4, to = 1 << 5,
            unit = 1 << 6, unknown = 1 << 7, groups = 7 << 9, condition = 0xFF;
        if ((seen & groups) != 0)
        {
            if (!uint.IsPow2(seen & groups) || (seen & condition) != 0)
            {
                FaultAt(start, CommonProblems.InvalidRequest, "invalid_constraint", "A group has exactly one of any, all and not, and (in should) a weight; nothing else.");
                return false;
            }
            return true;
        }
        if ((seen & attributeMember) == 0 || (seen & opMember) == 0)
        {
            FaultAt(start, CommonProblems.InvalidRequest, "missing_member", "A constraint needs attribute and op, or is a group: any, all or not.");
            return false;
        }
        if (op is null)
        {
            return false;
        }
        var (required, form) = op switch
        {
            Operator.In or Operator.All => (values, "values (an array)"),
            Operator.Between => (from | to, "from and to"),
            _ => (value, "value"),
        };
        var operands = seen & (value | values | from | to);
        if (operands != required)
        {
            FaultAt(start, CommonProblems.InvalidRequest, (operands & required) != required ? "missing_member" : "unexpected_member",
                $"The operator {NameOf(op.Value)} takes {form} and no other operand.");
            return false;
        }
        if (op == Operator.Exists && (seen & (unit | unknown)) != 0)
        {
            FaultAt(start, CommonProblems.InvalidRequest, "unexpected_member", "The operator exists asks of unknown values itself: unit and unknown have no meaning with it.");
            return false;
        }
        return true;
    }

    private Constraint[] ReadGroup(int depth)
    {
        if (depth >= SearchLimits.Nesting)
        {
            throw Fatal(SearchProblems.NestingTooDeep, $"Groups (any, all, not) nest to {SearchLimits.Nesting}.");
        }
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            return ReadConstraint(depth + 1, ConstraintPlace.Group) is { } single ? [single] : [];
        }
        var start = _json.TokenStartIndex;
        var parts = ReadConstraints(depth + 1, ConstraintPlace.Group);
        if (parts.Length == 0 && _errors is null)
        {
            FaultAt(start, CommonProblems.InvalidRequest, "empty_list", "A group has at least one constraint.");
        }
        return parts;
    }

    private Operator? ReadOperator()
    {
        if (_json.TokenType != JsonTokenType.String)
        {
            WrongType("op", "a string");
            return null;
        }
        var name = _json.ValueSpan;
        Operator? op = name.Length switch
        {
            2 => name.SequenceEqual("eq"u8) ? Operator.Eq : name.SequenceEqual("in"u8) ? Operator.In
                : name.SequenceEqual("gt"u8) ? Operator.Gt : name.SequenceEqual("lt"u8) ? Operator.Lt : null,
            3 => name.SequenceEqual("gte"u8) ? Operator.Gte : name.SequenceEqual("lte"u8) ? Operator.Lte : name.SequenceEqual("all"u8) ? Operator.All : null,
            6 => name.SequenceEqual("exists"u8) ? Operator.Exists : name.SequenceEqual("prefix"u8) ? Operator.Prefix : name.SequenceEqual("within"u8) ? Operator.Within : null,
            7 => name.SequenceEqual("between"u8) ? Operator.Between : null,
            _ => null,
        };
        if (op is null)
        {
            Fault(SearchProblems.OperatorNotSupported, SearchProblems.OperatorNotSupported.Code,
                "There is no such operator; there are eq, in, all, gt, gte, lt, lte, between, exists, prefix and within.");
        }
        return op;
    }

    private UnknownPolicy? ReadUnknown()
    {
        if (_json.TokenType == JsonTokenType.String)
        {
            if (_json.ValueTextEquals("exclude"u8))
            {
                return UnknownPolicy.Exclude;
            }
            if (_json.ValueTextEquals("include"u8))
            {
                return UnknownPolicy.Include;
            }
            if (_json.ValueTextEquals("only"u8))
            {
                return UnknownPolicy.Only;
            }
        }
        WrongType("unknown", "\"include\", \"exclude\" or \"only\"");
        return null;
    }

    private double? ReadWeight(ConstraintPlace place)
    {
        if (place != ConstraintPlace.Should)
        {
            Fault(CommonProblems.InvalidRequest, "unexpected_member", "Only the constraints in should have a weight.");
            _json.Skip();
            return null;
        }
        if (_json.TokenType != JsonTokenType.Number || !_json.TryGetDouble(out var weight) || !double.IsFinite(weight))
        {
            WrongType("weight", "a number");
            return null;
        }
        if (weight is <= 0 or > SearchLimits.Weight)
        {
            Fault(SearchProblems.ValueOutOfRange, SearchProblems.ValueOutOfRange.Code, $"A weight is above 0 and at most {SearchLimits.Weight:0}.");
        }
        return weight;
    }

    private ConstraintValue[] ReadValues()
    {
        var start = _json.TokenStartIndex;
        var first = _valueStack.Count;
        if (!BeginArray("values"))
        {
            return [];
        }
        while (NextElement("values", SearchLimits.Values, _valueStack.Count - first))
        {
            if (++_valueCount > SearchLimits.ValuesInAll)
            {
                throw Fatal(SearchProblems.LimitExceeded, $"The lists of a request hold at most {SearchLimits.ValuesInAll} values together.");
            }
            if (_json.TokenType == JsonTokenType.Null)
            {
                WrongType("A value", "a number, a string, a boolean or an object");
            }
            else if (ReadValue() is { } value)
            {
                _valueStack.Add(value);
            }
        }
        var count = _valueStack.Count - first;
        if (count == 0)
        {
            if (_errors is null)
            {
                FaultAt(start, CommonProblems.InvalidRequest, "empty_list", "values has at least one value.");
            }
            return [];
        }
        var values = new ConstraintValue[count];
        _valueStack.CopyTo(first, values, 0, count);
        _valueStack.RemoveRange(first, count);
        return values;
    }

    private ConstraintValue? ReadValue()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.Number:
                return TryReadNumber(out var number) ? ConstraintValue.Of(number) : ConstraintValue.OutOfRange;
            case JsonTokenType.String:
                return ReadText("A value", SearchLimits.ValueCharacters) is { } text ? ConstraintValue.Of(text) : null;
            case JsonTokenType.True:
                return ConstraintValue.Of(true);
            case JsonTokenType.False:
                return ConstraintValue.Of(false);
            case JsonTokenType.StartObject:
                return ReadObjectValue();
            default:
                WrongType("A value", "a number, a string, a boolean or an object");
                return null;
        }
    }

    private ConstraintValue? ReadObjectValue()
    {
        const uint money = 0b11, measure = 0b100, measureWithUnit = 0b1100, circle = 0b1110000, circleWithUnit = 0b1111000;
        var start = _json.TokenStartIndex;
        decimal number = 0;
        double lat = 0, lon = 0, radius = 0;
        string? currency = null, unit = null;
        var inRange = true;
        uint seen = 0;
        var before = _errors;
        while (NextMember(ValueMembers, "amount and currency, or value and unit, or lat, lon, radius and unit", ref seen, out var member))
        {
            switch (member)
            {
                case 0 or 2 when _json.TokenType == JsonTokenType.Number:
                    inRange &= TryReadNumber(out number);
                    break;
                case 1:
                    currency = ReadText("currency");
                    break;
                case 3:
                    unit = ReadText("unit");
                    break;
                case 4 when _json.TokenType == JsonTokenType.Number:
                    inRange &= _json.TryGetDouble(out lat) && double.IsFinite(lat);
                    break;
                case 5 when _json.TokenType == JsonTokenType.Number:
                    inRange &= _json.TryGetDouble(out lon) && double.IsFinite(lon);
                    break;
                case 6 when _json.TokenType == JsonTokenType.Number:
                    inRange &= _json.TryGetDouble(out radius) && double.IsFinite(radius);
                    break;
                default:
                    WrongType("It", "a number");
                    break;
            }
        }
        if (seen is not (money or measure or measureWithUnit or circle or circleWithUnit))
        {
            if (ReferenceEquals(before, _errors))
            {
                FaultAt(start, CommonProblems.InvalidRequest, "wrong_type",
                    "An object as value is money {\"amount\",\"currency\"}, a measure {\"value\",\"unit\"} or a circle {\"lat\",\"lon\",\"radius\",\"unit\"}.");
            }
            return null;
        }
        return !inRange ? ConstraintValue.OutOfRange
            : seen == money ? ConstraintValue.Money(number, currency ?? "")
            : (seen & measure) != 0 ? ConstraintValue.Measure(number, unit)
            : ConstraintValue.Of(new Circle(lat, lon, radius, unit));
    }

    private static int ValueMembers(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 => name.SequenceEqual("lat"u8) ? 4 : name.SequenceEqual("lon"u8) ? 5 : -1,
        4 => name.SequenceEqual("unit"u8) ? 3 : -1,
        5 => name.SequenceEqual("value"u8) ? 2 : -1,
        6 => name.SequenceEqual("amount"u8) ? 0 : name.SequenceEqual("radius"u8) ? 6 : -1,
        8 => name.SequenceEqual("currency"u8) ? 1 : -1,
        _ => -1,
    };
}
