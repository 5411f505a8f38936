namespace CustobotGateway.BotDetection.Scoring;

/// <summary>Finds a crawler that is on no list by what crawlers call themselves: a word that ends in "bot", a crawler or spider, or the address of a page about it.</summary>
internal static class DeclaredToken
{
    private const int LongestName = 48;
    private static readonly string[] Words = ["bot", "crawler", "spider"];
    private static readonly string[] Addresses = ["+http://", "+https://", "+www."];

    // Names of telephones, not of crawlers.
    private static readonly string[] NotBots = ["cubot"];

    /// <summary>The word or product that names it, or null.</summary>
    public static string? Find(ReadOnlySpan<char> agent)
    {
        foreach (var word in Words)
        {
            for (var from = 0; from < agent.Length && agent[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase) is var offset and >= 0; from += offset + word.Length)
            {
                var end = from + offset + word.Length;
                var name = agent[StartOfName(agent, from + offset)..end];
                if ((end == agent.Length || !char.IsAsciiLetterOrDigit(agent[end])) && !IsTelephone(name))
                {
                    return Name(name);
                }
            }
        }
        foreach (var address in Addresses)
        {
            if (agent.Contains(address, StringComparison.OrdinalIgnoreCase))
            {
                return ProductBefore(agent[..agent.IndexOf(address, StringComparison.OrdinalIgnoreCase)]);
            }
        }
        return null;
    }

    private static bool IsTelephone(ReadOnlySpan<char> name)
    {
        foreach (var telephone in NotBots)
        {
            if (name.Equals(telephone, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    // The last product with a version before the address; "compatible" and what browsers call themselves are none.
    private static string ProductBefore(ReadOnlySpan<char> text)
    {
        var name = "";
        for (var slash = text.IndexOf('/'); slash >= 0; slash = text[(slash + 1)..].IndexOf('/') is var next and >= 0 ? slash + 1 + next : -1)
        {
            var product = text[StartOfName(text, slash)..slash];
            if (!product.IsEmpty && product is not ("Mozilla" or "AppleWebKit" or "Chrome" or "Safari" or "Gecko" or "Version"))
            {
                name = Name(product);
            }
        }
        return name.Length > 0 ? name : "unnamed";
    }

    private static int StartOfName(ReadOnlySpan<char> agent, int at)
    {
        while (at > 0 && (char.IsAsciiLetterOrDigit(agent[at - 1]) || agent[at - 1] is '-' or '_' or '.'))
        {
            at--;
        }
        return at;
    }

    private static string Name(ReadOnlySpan<char> name) => (name.Length > LongestName ? name[^LongestName..] : name).ToString();
}
