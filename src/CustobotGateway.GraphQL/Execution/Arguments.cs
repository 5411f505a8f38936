using System.Collections;
using System.Diagnostics.CodeAnalysis;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// The arguments of a field after coercion (spec §6.4.1): int, double, string, bool, the name of an enum value, a list, an
/// <see cref="InputObject"/>, or what a custom scalar reads. An argument that was not given and has no default is absent.
/// </summary>
public sealed class Arguments
{
    internal static readonly object Absent = new();
    private readonly DefinitionList<InputValue> _definitions;
    private readonly object?[] _values;

    internal Arguments(DefinitionList<InputValue> definitions, object?[] values) => (_definitions, _values) = (definitions, values);

    internal static Arguments None { get; } = new(DefinitionList<InputValue>.Empty, []);

    /// <summary>The value; null when absent.</summary>
    public object? this[string name] => TryGet(name, out var value) ? value : null;

    /// <summary>Whether the argument was given or has a default; then also null is a value.</summary>
    public bool TryGet(string name, out object? value)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (_definitions[i].Name == name)
            {
                value = _values[i];
                return value != Absent;
            }
        }
        value = null;
        return false;
    }

    /// <summary>The value in its type; the type's default when absent or null.</summary>
    public T? Get<T>(string name) => this[name] is T value ? value : default;
}

/// <summary>An input object after coercion (spec §3.10): the fields that were given or have a default.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is what the specification calls it.")]
public sealed class InputObject : IReadOnlyDictionary<string, object?>
{
    private readonly (InputValue Field, object? Value)[] _fields;

    internal InputObject(InputObjectType type, (InputValue Field, object? Value)[] fields) => (Type, _fields) = (type, fields);

    /// <summary>Its type.</summary>
    public InputObjectType Type { get; }

    /// <inheritdoc/>
    public int Count => _fields.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _fields.Select(member => member.Field.Name);

    /// <inheritdoc/>
    public IEnumerable<object?> Values => _fields.Select(member => member.Value);

    /// <summary>The fields with their definitions.</summary>
    public ReadOnlySpan<(InputValue Field, object? Value)> Fields => _fields;

    /// <inheritdoc/>
    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, out object? value)
    {
        foreach (var field in _fields)
        {
            if (field.Field.Name == key)
            {
                value = field.Value;
                return true;
            }
        }
        value = null;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        _fields.Select(field => KeyValuePair.Create(field.Field.Name, field.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
