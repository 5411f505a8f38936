namespace CustobotGateway.BotDetection.Scoring;

/// <summary>A request's headers, names and values in the order and case in which they were sent.</summary>
/// <param name="pairs">Name and value, one pair a line of the header.</param>
/// <param name="orderIsKnown">Whether order and case are the sender's own. False where only a framework's collection was seen: what they tell is then left out, not guessed.</param>
public sealed class ReceivedHeaders(ReadOnlyMemory<KeyValuePair<string, string>> pairs, bool orderIsKnown)
{
    /// <summary>No headers, of unknown order. A new object each time, since one request at a time may be judged by it.</summary>
    public static ReceivedHeaders Empty => new(ReadOnlyMemory<KeyValuePair<string, string>>.Empty, orderIsKnown: false);

    /// <summary>Whether order and case are the sender's own.</summary>
    public bool OrderIsKnown { get; } = orderIsKnown;

    /// <summary>
    /// What the headers showed when they were read last, and of which request; null before that. A connection repeats its headers from request to request, one after
    /// the other, and reading them is what costs most.
    /// </summary>
    internal (CallerRequest Of, HeaderReading Reading)? Remembered { get; set; }

    /// <summary>Name and value of each line.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Pairs => pairs.Span;

    /// <summary>The headers as the framework keeps them, without order and case.</summary>
    public static ReceivedHeaders WithoutOrder(IHeaderDictionary headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var pairs = new List<KeyValuePair<string, string>>(headers.Count);
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                pairs.Add(new(name, value ?? ""));
            }
        }
        return new(pairs.ToArray(), orderIsKnown: false);
    }
}
