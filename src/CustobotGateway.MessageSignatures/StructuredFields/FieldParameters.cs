using System.Collections;

namespace CustobotGateway.MessageSignatures.StructuredFields;

/// <summary>A parameter of an item, an inner list or a member.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value; true where none was written.</param>
public readonly record struct FieldParameter(string Key, FieldValue Value);

/// <summary>Parameters in their order (RFC 9651 §3.1.2). One that is written twice has its last value, in the place of its first.</summary>
public sealed class FieldParameters : IReadOnlyList<FieldParameter>
{
    private readonly List<FieldParameter> _all = [];

    /// <summary>No parameters.</summary>
    public static FieldParameters None { get; } = new();

    /// <summary>Whether a key was written more than once.</summary>
    public bool HasRepeated { get; private set; }

    /// <inheritdoc/>
    public int Count => _all.Count;

    /// <inheritdoc/>
    public FieldParameter this[int index] => _all[index];

    /// <summary>The value of that name.</summary>
    public bool TryGet(string key, out FieldValue value)
    {
        foreach (var parameter in _all)
        {
            if (parameter.Key == key)
            {
                value = parameter.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<FieldParameter> GetEnumerator() => _all.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Set(FieldParameter parameter)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].Key == parameter.Key)
            {
                (_all[i], HasRepeated) = (parameter, true);
                return;
            }
        }
        _all.Add(parameter);
    }
}
