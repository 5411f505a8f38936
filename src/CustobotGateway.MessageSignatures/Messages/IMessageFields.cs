namespace CustobotGateway.MessageSignatures.Messages;

/// <summary>The header fields, or the trailer fields, of a message.</summary>
public interface IMessageFields
{
    /// <summary>Adds the lines of a field in the order in which they were sent; nothing where it is absent.</summary>
    /// <param name="name">The field's name in lower case.</param>
    /// <param name="lines">Where to add them.</param>
    void Collect(string name, ICollection<string> lines);
}
