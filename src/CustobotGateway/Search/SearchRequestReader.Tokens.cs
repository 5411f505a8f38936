using System.Buffers;
using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <content>Tokens: members, elements and simple values, and the faults at them.</content>
public ref partial struct SearchRequestReader
{
    private const int LongestKey = 128;
    private const int LongestRegisteredKey = AttributeLimits.KeyLength;

    private delegate int MemberFinder(ReadOnlySpan<byte> name);

    /// <summary>The operator as it is written.</summary>
    public static string NameOf(Operator op) => op switch
    {
        Operator.Eq => "eq",
        Operator.In => "in",
        Operator.All => "all",
        Operator.Gt => "gt",
        Operator.Gte => "gte",
        Operator.Lt => "lt",
        Operator.Lte => "lte",
        Operator.Between => "between",
        Operator.Exists => "exists",
        Operator.Prefix => "prefix",
        _ => "within",
    };

    private void Next()
    {
        if (!_json.Read())
        {
            throw new JsonException("The body is empty.", null, 0, 0);
        }
    }

    /// <summary>
    /// Goes to the value of the next known member of the object; false at its end. Unknown and repeated members are faults and are passed over;
    /// a member that is null counts as not given.
    /// </summary>
    private bool NextMember(MemberFinder find, string names, ref uint seen, out int member)
    {
        while (true)
        {
            Next();
            if (_json.TokenType == JsonTokenType.EndObject)
            {
                member = -1;
                return false;
            }
            member = FindMember(find);
            if (member < 0)
            {
                Fault(CommonProblems.InvalidRequest, "unknown_member", $"There is no such member here; there are {names}.");
            }
            else if ((seen & (1u << member)) != 0)
            {
                Fault(CommonProblems.MalformedBody, "duplicate_member", "The member occurs twice in the same object.");
                member = -1;
            }
            Next();
            if (member >= 0 && _json.TokenType != JsonTokenType.Null)
            {
                seen |= 1u << member;
                return true;
            }
            _json.Skip();
        }
    }

    private readonly int FindMember(MemberFinder find)
    {
        if (!_json.ValueIsEscaped)
        {
            return find(_json.ValueSpan);
        }
        // An escaped name is legal JSON ("\u006fp"); unescaping never makes it longer.
        Span<byte> unescaped = stackalloc byte[LongestKey];
        return _json.ValueSpan.Length > LongestKey ? -1 : find(unescaped[.._json.CopyString(unescaped)]);
    }

    private bool BeginArray(string what)
    {
        if (_json.TokenType == JsonTokenType.StartArray)
        {
            return true;
        }
        WrongType(what, "an array");
        return false;
    }

    /// <summary>Goes to the next element of the array; false at its end.</summary>
    private bool NextElement(string what, int limit, int count)
    {
        Next();
        if (_json.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }
        if (count >= limit)
        {
            throw Fatal(SearchProblems.LimitExceeded, $"{what} has at most {limit} entries.");
        }
        return true;
    }

    private bool IsObject(string what, string example)
    {
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }
        WrongType(what, "an object like " + example);
        return false;
    }

    private bool Required(string? value, long start, string member)
    {
        if (value is null && _errors is null)
        {
            FaultAt(start, CommonProblems.InvalidRequest, "missing_member", $"The member {member} is missing.");
        }
        return value is not null;
    }

    /// <summary>An attribute's key: the registry's own string where it has it, so that nothing is allocated.</summary>
    private string? ReadKey(string what)
    {
        if (_json.TokenType == JsonTokenType.String && !_json.ValueIsEscaped && _json.ValueSpan.Length <= LongestRegisteredKey)
        {
            Span<char> key = stackalloc char[LongestRegisteredKey];
            if (Ascii.ToUtf16(_json.ValueSpan, key, out var length) == OperationStatus.Done && _registry.ByUtf16.TryGetValue(key[..length], out var attribute))
            {
                return attribute.Key;
            }
        }
        return ReadText(what, LongestKey);
    }

    /// <summary>A number as it was written. The short whole ones, which most are, without the general parser of decimals.</summary>
    private readonly bool TryReadNumber(out decimal number)
    {
        const int shortDigits = 9;
        var digits = _json.ValueSpan;
        if (digits.Length <= shortDigits)
        {
            var value = 0;
            foreach (var digit in digits)
            {
                if (!char.IsAsciiDigit((char)digit))
                {
                    return _json.TryGetDecimal(out number);
                }
                value = (value * 10) + digit - '0';
            }
            number = value;
            return true;
        }
        return _json.TryGetDecimal(out number);
    }

    private string? ReadText(string what, int limit = SearchLimits.QueryCharacters)
    {
        if (_json.TokenType != JsonTokenType.String)
        {
            WrongType(what, "a string");
            return null;
        }
        var escaped = _json.ValueIsEscaped;
        var text = _json.GetString()!;
        if (text.Length > limit)
        {
            Fault(SearchProblems.LimitExceeded, SearchProblems.LimitExceeded.Code, $"{what} has at most {limit} characters here.");
            return null;
        }
        if (escaped && text.Contains('\0', StringComparison.Ordinal))
        {
            // PostgreSQL and many clients cannot hold it; no value has it.
            Fault(CommonProblems.MalformedBody, "nul_character", $"{what} holds a NUL character.");
            return null;
        }
        return text;
    }

    private bool? ReadBoolean(string what)
    {
        if (_json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return _json.TokenType == JsonTokenType.True;
        }
        WrongType(what, "true or false");
        return null;
    }

    /// <summary>A whole number; one beyond 32 bits becomes the nearest that is held, which every limit here refuses.</summary>
    private int? ReadInteger(string what)
    {
        if (_json.TokenType != JsonTokenType.Number || !TryReadNumber(out var number) && !IsHuge(out number) || number != decimal.Truncate(number))
        {
            WrongType(what, "a whole number");
            return null;
        }
        return (int)Math.Clamp(number, int.MinValue, int.MaxValue);
    }

    private readonly bool IsHuge(out decimal number)
    {
        number = _json.TryGetDouble(out var value) && value < 0 ? int.MinValue : int.MaxValue;
        return true;
    }

    private void WrongType(string what, string wanted)
    {
        Fault(CommonProblems.InvalidRequest, "wrong_type", $"{what} must be {wanted}.");
        _json.Skip();
    }

    private void Fault(ProblemType type, string code, string detail) => FaultAt(_json.TokenStartIndex, type, code, detail);

    private void FaultAt(long offset, ProblemType type, string code, string detail)
    {
        _errors ??= new SearchErrors();
        if (_errors.IsFull)
        {
            throw new FatalFaultException();
        }
        _errors.Add(type, JsonPointers.At(_body, offset), code, detail);
    }

    private FatalFaultException Fatal(ProblemType type, string detail)
    {
        Fault(type, type.Code, detail);
        return new FatalFaultException();
    }
}
