using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CustobotGateway.MessageSignatures.StructuredFields;

namespace CustobotGateway.MessageSignatures.Components;

/// <summary>What a signature covers: a field, or something derived from the message (RFC 9421 §2), with its parameters.</summary>
public sealed class Component
{
    private static readonly SearchValues<char> FieldNameLetters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    private static readonly string[] DerivedNames =
        ["@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query", "@query-param", "@status"];

    private Component(string name, string identifier) => (Name, Identifier) = (name, identifier);

    /// <summary>The field's name in lower case, or a name that begins with <c>@</c>.</summary>
    public string Name { get; }

    /// <summary>As it is written in a signature's input and before its value.</summary>
    public string Identifier { get; }

    /// <summary>Whether the name is one of a derived component.</summary>
    public bool IsDerived => Name is ['@', ..];

    /// <summary><c>sf</c>: the field's structured value, written anew.</summary>
    public bool IsStructured { get; private init; }

    /// <summary><c>bs</c>: each line of the field as bytes.</summary>
    public bool IsBytes { get; private init; }

    /// <summary><c>tr</c>: the field of the trailers.</summary>
    public bool IsTrailer { get; private init; }

    /// <summary><c>req</c>: of the request that is answered.</summary>
    public bool IsOfRequest { get; private init; }

    /// <summary><c>key</c>: the one member of a dictionary; null for the whole field.</summary>
    public string? Key { get; private init; }

    /// <summary><c>name</c>: the query parameter, percent-encoded; null for anything else.</summary>
    public string? ParameterName { get; private init; }

    /// <summary>Equal for two components that mean the same, in whatever order their parameters are written.</summary>
    internal (string, bool, bool, bool, bool, string?, string?) Meaning => (Name, IsStructured, IsBytes, IsTrailer, IsOfRequest, Key, ParameterName);

    /// <summary>A component without parameters, or one of the request that is answered.</summary>
    public static Component Of(string name, bool ofRequest = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryParse($"\"{name}\"{(ofRequest ? ";req" : "")}", out var component) ? component : throw new ArgumentException($"'{name}' names no component.", nameof(name));
    }

    /// <summary>Reads a component as it is written, such as <c>"signature-agent";key="a"</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Component? component)
    {
        component = null;
        return StructuredField.TryReadItem(text, out var item) && TryRead(item, out component);
    }

    /// <summary>Reads a component from an item; false for a name or a parameter that means nothing, which nobody may sign over or believe.</summary>
    internal static bool TryRead(FieldItem item, [NotNullWhen(true)] out Component? component)
    {
        component = null;
        var name = item.Value.Text;
        var isDerived = name is ['@', ..];
        if (item.Value.Kind != FieldValueKind.Text || item.Parameters.HasRepeated || name.Length == 0
            || (isDerived ? !DerivedNames.Contains(name) : name.AsSpan().ContainsAnyExcept(FieldNameLetters)))
        {
            return false;
        }
        var (sf, bs, tr, req, key, parameter) = (false, false, false, false, (string?)null, (string?)null);
        foreach (var (which, value) in item.Parameters)
        {
            switch (which)
            {
                case "sf" when !isDerived && value.IsTrue:
                    sf = true;
                    break;
                case "bs" when !isDerived && value.IsTrue:
                    bs = true;
                    break;
                case "tr" when !isDerived && value.IsTrue:
                    tr = true;
                    break;
                case "req" when value.IsTrue && name != "@status":
                    req = true;
                    break;
                case "key" when !isDerived && value.Kind == FieldValueKind.Text:
                    key = value.Text;
                    break;
                case "name" when name == "@query-param" && value.Kind == FieldValueKind.Text:
                    parameter = value.Text;
                    break;
                default:
                    return false;
            }
        }
        // Bytes are of the field as it was sent; a structured value is of what it says (RFC 9421 §2.1.3).
        if ((bs && (sf || key is not null)) || (name == "@query-param") != (parameter is not null))
        {
            return false;
        }
        var identifier = item.Parameters.Count == 0 ? $"\"{name}\"" : new StringBuilder().Value(item.Value).Parameters(item.Parameters).ToString();
        component = new Component(name, identifier) { IsStructured = sf, IsBytes = bs, IsTrailer = tr, IsOfRequest = req, Key = key, ParameterName = parameter };
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Identifier;
}
