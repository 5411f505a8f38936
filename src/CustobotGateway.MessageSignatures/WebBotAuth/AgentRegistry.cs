namespace CustobotGateway.MessageSignatures.WebBotAuth;

/// <summary>A registry of agents: a text with the address of an agent's card on each line, and remarks after a number sign.</summary>
public static class AgentRegistry
{
    /// <summary>The most cards that are read.</summary>
    public const int MostCards = 10_000;

    /// <summary>The addresses of the cards, in their order; lines that are none are passed over.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cards = new List<string>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var remark = line.IndexOf('#');
            var address = (remark < 0 ? line : line[..remark]).Trim();
            if (address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && Uri.IsWellFormedUriString(address.ToString(), UriKind.Absolute) && cards.Count < MostCards)
            {
                cards.Add(address.ToString());
            }
        }
        return cards;
    }
}
