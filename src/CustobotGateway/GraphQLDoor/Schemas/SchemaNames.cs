using System.Text;

namespace CustobotGateway.GraphQLDoor.Schemas;

/// <summary>How keys and terms of the registry are named in the schema (decision 0011).</summary>
internal static class SchemaNames
{
    /// <summary>A term as an enum value: upper case, <c>_</c> for every other character, <c>_</c> before a leading digit.</summary>
    public static string EnumValue(string term)
    {
        var name = new StringBuilder(term.Length + 1);
        foreach (var rune in term.EnumerateRunes())
        {
            name.Append(rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value) ? char.ToUpperInvariant((char)rune.Value) : '_');
        }
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            name.Insert(0, '_');
        }
        // Names that begin with two underscores are introspection's own (spec §2.1.9).
        while (name.Length > 1 && name[0] == '_' && name[1] == '_')
        {
            name.Remove(0, 1);
        }
        return name.ToString();
    }

    /// <summary>A key as a type name: <c>panel_type</c> is <c>PanelType</c>.</summary>
    public static string TypeName(string key)
    {
        var name = new StringBuilder(key.Length);
        foreach (var word in key.Split('_', StringSplitOptions.RemoveEmptyEntries))
        {
            name.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        }
        return name.ToString();
    }

    /// <summary>The name, or the first of <c>name_2</c>, <c>name_3</c> … that is free; it is taken afterwards.</summary>
    public static string Take(string name, HashSet<string> taken)
    {
        var free = name;
        for (var number = 2; !taken.Add(free); number++)
        {
            free = $"{name}_{number}";
        }
        return free;
    }
}
