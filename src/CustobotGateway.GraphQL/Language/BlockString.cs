using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Block strings (spec §2.9.4).</summary>
internal static class BlockString
{
    /// <summary>The value of the text between the quotes: common indentation and blank lines at both ends are taken away (BlockStringValue).</summary>
    public static string Dedent(string raw)
    {
        var lines = raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        int common = int.MaxValue, first = -1, last = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            var indent = Indent(lines[i]);
            if (indent == lines[i].Length)
            {
                continue;
            }
            first = first < 0 ? i : first;
            last = i;
            common = i == 0 ? common : Math.Min(common, indent);
        }
        var value = new StringBuilder(raw.Length);
        for (var i = Math.Max(first, 0); i <= last; i++)
        {
            value.Append(i == Math.Max(first, 0) ? "" : "\n").Append(lines[i].AsSpan(i == 0 ? 0 : Math.Min(common, lines[i].Length)));
        }
        return value.ToString();
    }

    /// <summary>Whether the text comes back as it is from a block string.</summary>
    public static bool CanPrint(string value) =>
        !value.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) && Dedent("\n" + value) == value;

    /// <summary>Writes the text as a block string, one line where it is short.</summary>
    public static string Print(string value)
    {
        var escaped = value.Replace("\"\"\"", "\\\"\"\"", StringComparison.Ordinal);
        var oneLine = !escaped.Contains('\n', StringComparison.Ordinal) && escaped.Length < 70 && !escaped.EndsWith('"') && !escaped.EndsWith('\\')
            && !escaped.StartsWith(' ') && !escaped.StartsWith('\t');
        return oneLine ? $"\"\"\"{escaped}\"\"\"" : $"\"\"\"\n{escaped}\n\"\"\"";
    }

    private static int Indent(string line)
    {
        var indent = line.AsSpan().IndexOfAnyExcept(' ', '\t');
        return indent < 0 ? line.Length : indent;
    }
}
