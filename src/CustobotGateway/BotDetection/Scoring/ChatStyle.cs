using System.Collections.Frozen;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>Measures a customer's messages in one pass over each.</summary>
internal static class ChatStyle
{
    /// <summary>Below this many messages of the customer nothing is said.</summary>
    public const int FewestMessages = 3;

    private const int MostMessages = 200;
    private const int MostCharacters = 4_000;

    // Fast typists reach ten a second for a short while; reading what was answered is not counted.
    private const double MostTyped = 15;
    private const int FewestTyped = 40;

    private static readonly FrozenSet<string> Informal = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "u", "ur", "r", "pls", "plz", "thx", "thnx", "ty", "gonna", "wanna", "gotta", "yeah", "yea", "yep", "yup", "nope", "nah", "ok", "okay", "k", "hey", "hmm", "um", "uh", "oh",
        "lol", "btw", "asap", "cuz", "cause", "kinda", "sorta", "im", "ive", "dont", "doesnt", "cant", "wont", "thats", "whats", "lets", "didnt", "isnt", "alright", "cool", "bye", "awesome", "actually");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> IsInformal = Informal.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Polite = ["thank you", "please", "i would like", "i'd like", "could you", "can you", "appreciate", "would you", "i'm looking for", "i am looking for"];

    /// <summary>The measures, each about 0 to 1; false where there is not enough text.</summary>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="values">One value for each measure.</param>
    /// <param name="known">Whether it could be measured: letters without case have no capitals, messages without times no replies.</param>
    public static bool Measure(IReadOnlyList<ChatMessage> messages, Span<double> values, Span<bool> known)
    {
        values.Clear();
        known.Fill(true);
        var (count, cased, timed) = (0, 0, 0);
        double words = 0, squares = 0, letters = 0, sentences = 0, commas = 0;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < messages.Count && count < MostMessages; i++)
        {
            var text = messages[i].Text.AsSpan();
            text = (text.Length > MostCharacters ? text[..MostCharacters] : text).Trim();
            if (!messages[i].IsCustomer || text.IsEmpty)
            {
                continue;
            }
            count++;
            var first = FirstLetter(text);
            cased += char.IsUpper(first) || char.IsLower(first) ? 1 : 0;
            values[(int)ChatFeature.Capitals] += char.IsUpper(first) ? 1 : 0;
            values[(int)ChatFeature.EndMarks] += text[^1] is '.' or '?' or '!' or '…' or '。' or '？' or '！' ? 1 : 0;
            values[(int)ChatFeature.Exclamations] += text.Contains('!') ? 1 : 0;
            values[(int)ChatFeature.Dots] += text.Contains("..", StringComparison.Ordinal) || text.Contains('…') ? 1 : 0;
            values[(int)ChatFeature.Placeholders] += HasPlaceholder(text) ? 1 : 0;
            values[(int)ChatFeature.Slips] += HasSlip(text) ? 1 : 0;
            values[(int)ChatFeature.Polite] += CountOf(text, Polite) > 0 ? 1 : 0;
            values[(int)ChatFeature.Repeats] += seen.Add(text.ToString()) ? 0 : 1;
            var own = MeasureWords(text, values, ref letters);
            words += own;
            squares += (double)own * own;
            sentences += Math.Max(1, text.Count(". ") + text.Count("? ") + text.Count("! ") + 1);
            commas += text.Count(',');
            if (messages[i].At is { } at && i > 0 && messages[i - 1] is { IsCustomer: false, At: { } asked })
            {
                timed++;
                values[(int)ChatFeature.FastReplies] += text.Length >= FewestTyped && text.Length > MostTyped * Math.Max(0, (at - asked).TotalSeconds) ? 1 : 0;
            }
        }
        if (count < FewestMessages)
        {
            return false;
        }
        for (var i = 0; i < values.Length; i++)
        {
            values[i] /= count;
        }
        var mean = words / count;
        values[(int)ChatFeature.Capitals] *= cased == 0 ? 0 : count / (double)cased;
        values[(int)ChatFeature.FastReplies] *= timed == 0 ? 0 : count / (double)timed;
        values[(int)ChatFeature.Spread] = Math.Min(1.5, Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))) / Math.Max(1, mean));
        values[(int)ChatFeature.Length] = Math.Min(1.5, Math.Log(1 + mean) / 3);
        values[(int)ChatFeature.WordLength] = Math.Min(2, letters / Math.Max(1, words) / 5);
        values[(int)ChatFeature.Sentences] = Math.Min(4, sentences / count) / 2;
        values[(int)ChatFeature.Commas] = Math.Min(1, commas / Math.Max(1, words) * 10);
        known[(int)ChatFeature.Capitals] = cased > 0;
        known[(int)ChatFeature.FastReplies] = timed >= FewestMessages - 1;
        return true;
    }

    private static int MeasureWords(ReadOnlySpan<char> text, Span<double> values, ref double letters)
    {
        var (words, small, informal, contraction, openingComma) = (0, false, false, false, false);
        foreach (var range in text.SplitAny(' ', '\t', '\n', '\r'))
        {
            var raw = text[range];
            var word = raw.Trim(".,!?;:\"()");
            if (word.IsEmpty)
            {
                continue;
            }
            openingComma |= words == 0 && raw[^1] == ',';
            words++;
            letters += word.Length;
            small |= word is "i" || word.StartsWith("i'", StringComparison.Ordinal) || word.StartsWith("i’", StringComparison.Ordinal);
            informal |= IsInformal.Contains(word);
            contraction |= word.IndexOfAny('\'', '’') is > 0 and var at && at >= word.Length - 3 && at < word.Length - 1;
        }
        values[(int)ChatFeature.SmallI] += small ? 1 : 0;
        values[(int)ChatFeature.Informal] += informal ? 1 : 0;
        values[(int)ChatFeature.Contractions] += contraction ? 1 : 0;
        values[(int)ChatFeature.OpeningComma] += openingComma ? 1 : 0;
        values[(int)ChatFeature.Brief] += words <= 3 ? 1 : 0;
        return words;
    }

    private static char FirstLetter(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsLetter(character))
            {
                return character;
            }
        }
        return '\0';
    }

    private static bool HasPlaceholder(ReadOnlySpan<char> text) =>
        text.IndexOf('[') is var open and >= 0 && text[open..].IndexOf(']') is > 2 and < 40 && char.IsLetter(text[open + 1]);

    // Two blanks, a blank before a mark, or none after one.
    private static bool HasSlip(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if ((text[i] == ' ' && text[i - 1] == ' ') || (text[i] is ',' or '?' or '!' && text[i - 1] == ' ') || (text[i - 1] is ',' or '?' && char.IsLetter(text[i]))
                || (i > 1 && text[i - 1] == ' ' && text[i - 2] is '.' or '?' && char.IsLower(text[i])))
            {
                return true;
            }
        }
        return false;
    }

    private static int CountOf(ReadOnlySpan<char> text, string[] phrases)
    {
        var count = 0;
        foreach (var phrase in phrases)
        {
            count += text.Contains(phrase, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }
        return count;
    }
}
