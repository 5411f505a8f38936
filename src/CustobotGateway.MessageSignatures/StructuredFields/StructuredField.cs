using System.Diagnostics.CodeAnalysis;

namespace CustobotGateway.MessageSignatures.StructuredFields;

/// <summary>Where keys may hold capital letters, which no structured field's may: some signers write them.</summary>
[Flags]
public enum Capitals
{
    /// <summary>Nowhere, as the standard says.</summary>
    Nowhere = 0,

    /// <summary>In the keys of members.</summary>
    InKeys = 1,

    /// <summary>In the names of parameters.</summary>
    InParameters = 2,
}

/// <summary>
/// Reads structured fields (RFC 9651, which replaces RFC 8941), strictly: what is malformed anywhere is nothing at all. Text, members and parameters are
/// limited, and nothing throws.
/// </summary>
public static class StructuredField
{
    /// <summary>The longest field that is read.</summary>
    public const int MostCharacters = 16_384;

    /// <summary>The most members of a list, a dictionary or an inner list.</summary>
    public const int MostMembers = 128;

    /// <summary>The most parameters of one thing.</summary>
    public const int MostParameters = 32;

    /// <summary>Reads a dictionary. An empty text is an empty one.</summary>
    /// <param name="text">The field's value, several lines joined by a comma.</param>
    /// <param name="dictionary">What it says.</param>
    /// <param name="capitals">Where capital letters are borne with.</param>
    public static bool TryReadDictionary(string text, [NotNullWhen(true)] out FieldDictionary? dictionary, Capitals capitals = Capitals.Nowhere)
    {
        ArgumentNullException.ThrowIfNull(text);
        dictionary = null;
        if (text.Length > MostCharacters)
        {
            return false;
        }
        var reader = new FieldReader(text, capitals);
        if (!reader.TryReadDictionary(out var members, out var repeated))
        {
            return false;
        }
        dictionary = new FieldDictionary(members, repeated);
        return true;
    }

    /// <summary>Reads a list. An empty text is an empty one.</summary>
    public static bool TryReadList(string text, [NotNullWhen(true)] out IReadOnlyList<FieldMember>? members)
    {
        ArgumentNullException.ThrowIfNull(text);
        members = null;
        if (text.Length > MostCharacters)
        {
            return false;
        }
        var reader = new FieldReader(text, Capitals.Nowhere);
        if (!reader.TryReadList(out var read))
        {
            return false;
        }
        members = read;
        return true;
    }

    /// <summary>Reads an item.</summary>
    public static bool TryReadItem(string text, [NotNullWhen(true)] out FieldItem? item)
    {
        ArgumentNullException.ThrowIfNull(text);
        item = null;
        if (text.Length > MostCharacters)
        {
            return false;
        }
        var reader = new FieldReader(text, Capitals.Nowhere);
        return reader.TryReadSingle(out item);
    }
}
