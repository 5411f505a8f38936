namespace CustobotGateway.MessageSignatures.StructuredFields;

/// <summary>An item: a bare value with parameters (RFC 9651 §3.3).</summary>
/// <param name="Value">The value.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record FieldItem(FieldValue Value, FieldParameters Parameters);

/// <summary>A member of a list or a dictionary: an item or an inner list.</summary>
/// <param name="Key">Its name in a dictionary; empty in a list.</param>
/// <param name="Value">The item's value; not to be asked for where <paramref name="Items"/> is there.</param>
/// <param name="Items">What is in the inner list; null for an item.</param>
/// <param name="Parameters">The parameters of the item, or of the inner list.</param>
/// <param name="Raw">The text as it was received, without the key and the equals sign.</param>
public sealed record FieldMember(string Key, FieldValue Value, IReadOnlyList<FieldItem>? Items, FieldParameters Parameters, string Raw);

/// <summary>A dictionary (RFC 9651 §3.2).</summary>
/// <param name="Members">In their order; a key that is written twice has its last value.</param>
/// <param name="HasRepeated">Whether a key was written twice.</param>
public sealed record FieldDictionary(IReadOnlyList<FieldMember> Members, bool HasRepeated)
{
    /// <summary>The member of that name; null if there is none.</summary>
    public FieldMember? Find(string key)
    {
        foreach (var member in Members)
        {
            if (member.Key == key)
            {
                return member;
            }
        }
        return null;
    }
}
