using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Block strings (spec §2.9.4).</summary>
internal static class BlockString
{
    /// <summary>The value of the text between the quotes: common indentation and blank lines at both ends are taken away (BlockStringValue).</summary>
    public static string Dedent(string raw)
    {
        int common = int.MaxValue, first = -1, last = -1, number = 0;
        foreach (var line in new Lines(raw))
        {
            var indent = line.IndexOfAnyExcept(' ', '\t');
            if (indent >= 0)
            {
                first = first < 0 ? number : first;
                last = number;
                common = number == 0 ? common : Math.Min(common, indent);
            }
            number++;
        }
        var value = new StringBuilder(raw.Length);
        number = 0;
        foreach (var line in new Lines(raw))
        {
            if (number >= first && number <= last)
            {
                value.Append(number == first ? "" : "\n").Append(number == 0 ? line : line[Math.Min(common, line.Length)..]);
            }
            number++;
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

    /// <summary>The lines of a text by the line ends of the language: LF, CR, CR LF.</summary>
    private ref struct Lines(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;
        private bool _ended;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly Lines GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_ended)
            {
                return false;
            }
            var end = _rest.IndexOfAny('\r', '\n');
            _ended = end < 0;
            Current = _ended ? _rest : _rest[..end];
            _rest = _ended ? default : _rest[(end + (_rest[end..].StartsWith("\r\n") ? 2 : 1))..];
            return true;
        }
    }
}
