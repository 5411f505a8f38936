namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Light stemming: only inflections that never change what is sold (plural, gender, -ing, -ed), since an agent's search that
/// finds too much costs it more than one that needs another spelling. Applied to columns that name their language.
/// </summary>
internal static class Stemmer
{
    private static readonly System.Buffers.SearchValues<byte> Vowels = System.Buffers.SearchValues.Create("aeiouy"u8);

    /// <summary>Shortens a folded word in place; returns its new length. Languages other than English and Spanish are left alone.</summary>
    public static int Stem(ReadOnlySpan<char> language, Span<byte> word) =>
        language.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? English(word)
        : language.StartsWith("es", StringComparison.OrdinalIgnoreCase) ? Spanish(word)
        : word.Length;

    // Harman's S-stemmer (1991, "How effective is suffixing?"), then -ing and -ed where a vowel and three letters remain.
    private static int English(Span<byte> word)
    {
        var length = word.Length;
        if (length > 4 && word.EndsWith("ies"u8) && !word.EndsWith("eies"u8) && !word.EndsWith("aies"u8))
        {
            word[length - 3] = (byte)'y';
            length -= 2;
        }
        else if (length > 3 && (word.EndsWith("ches"u8) || word.EndsWith("shes"u8) || word.EndsWith("sses"u8) || word.EndsWith("xes"u8)))
        {
            length -= 2;
        }
        else if (length > 3 && word.EndsWith("s"u8) && !word.EndsWith("us"u8) && !word.EndsWith("ss"u8) && !word.EndsWith("is"u8))
        {
            length -= 1;
        }
        var body = word[..length];
        var suffix = body.EndsWith("ing"u8) ? 3 : body.EndsWith("ed"u8) && !body.EndsWith("eed"u8) ? 2 : 0;
        if (suffix > 0 && length - suffix >= 3 && body[..^suffix].ContainsAny(Vowels))
        {
            length -= suffix;
            if (length > 3 && word[length - 1] == word[length - 2] && "bdgmnprt"u8.Contains(word[length - 1]))
            {
                length -= 1;
            }
        }
        return length > 3 && word[length - 1] == 'e' ? length - 1 : length;
    }

    // Plural and gender, after Savoy's light stemmer for Spanish (2006).
    private static int Spanish(Span<byte> word)
    {
        var length = word.Length;
        if (length > 4 && word.EndsWith("ces"u8))
        {
            word[length - 3] = (byte)'z';
            return length - 2;
        }
        if (length > 4 && word.EndsWith("es"u8))
        {
            length -= 2;
        }
        else if (length > 3 && word.EndsWith("s"u8))
        {
            length -= 1;
        }
        return length > 4 && word[length - 1] is (byte)'o' or (byte)'a' or (byte)'e' ? length - 1 : length;
    }
}
