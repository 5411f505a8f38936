namespace CustobotGateway.MessageSignatures.Messages;

/// <summary>Fields as a list of names and values, as sent.</summary>
public sealed class MessageFields : IMessageFields
{
    private readonly IReadOnlyList<(string Name, string Value)> _lines;

    /// <summary>From pairs, in their order; names in any case.</summary>
    public MessageFields(params IReadOnlyList<(string Name, string Value)> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        _lines = lines;
    }

    /// <summary>No fields.</summary>
    public static MessageFields None { get; } = new([]);

    /// <inheritdoc/>
    public void Collect(string name, ICollection<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        for (var i = 0; i < _lines.Count; i++)
        {
            if (_lines[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                lines.Add(_lines[i].Value);
            }
        }
    }
}
