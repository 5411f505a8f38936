using System.Runtime.CompilerServices;
using System.Text;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>The headers that a score looks at.</summary>
internal enum KnownHeader
{
    None,
    Host,
    Connection,
    UserAgent,
    Accept,
    AcceptEncoding,
    AcceptLanguage,
    ClientHints,
    ClientHintMobile,
    ClientHintPlatform,
    FetchSite,
    FetchMode,
    FetchUser,
    FetchDest,
    UpgradeInsecureRequests,
    Referer,
    Origin,
    Te,
    Via,
    ContentLength,
    WebSocketKey,
    Purpose,
    Count,
}

/// <summary>Finds the headers of one request in one pass.</summary>
internal ref struct HeaderIndex
{
    // A flood of headers is refused elsewhere; what comes after this many is not looked at.
    private const int MostHeaders = 256;

    private readonly ReadOnlySpan<KeyValuePair<string, string>> _pairs;
    private Places _places;

    public HeaderIndex(ReadOnlySpan<KeyValuePair<string, string>> pairs)
    {
        _pairs = pairs.Length > MostHeaders ? pairs[..MostHeaders] : pairs;
        for (var i = 0; i < _pairs.Length; i++)
        {
            var known = Known(_pairs[i].Key);
            // Of a name that comes twice the first counts.
            if (known != KnownHeader.None && _places[(int)known] == 0)
            {
                _places[(int)known] = (short)(i + 1);
            }
        }
    }

    /// <summary>Where the header stands, from 1; 0 where it is absent.</summary>
    public readonly int At(KnownHeader header) => _places[(int)header];

    public readonly bool Has(KnownHeader header) => _places[(int)header] != 0;

    /// <summary>The name as it was sent; empty where it is absent.</summary>
    public readonly ReadOnlySpan<char> Name(KnownHeader header) => _places[(int)header] is var at and > 0 ? _pairs[at - 1].Key : [];

    /// <summary>The value without blanks around it, of which the first 1,024 characters are looked at; empty where it is absent.</summary>
    public readonly ReadOnlySpan<char> Value(KnownHeader header)
    {
        if (_places[(int)header] is not (var at and > 0))
        {
            return [];
        }
        var value = _pairs[at - 1].Value.AsSpan();
        return (value.Length > MostCharacters ? value[..MostCharacters] : value).Trim(' ');
    }

    /// <summary>Whether both are there, in this order.</summary>
    public readonly bool InOrder(KnownHeader first, KnownHeader second) => Has(first) && _places[(int)first] < _places[(int)second];

    /// <summary>Whether both are there, in the opposite order.</summary>
    public readonly bool Reversed(KnownHeader first, KnownHeader second) => InOrder(second, first);

    public const int MostCharacters = 1024;

    private static KnownHeader Known(string name) => name.Length switch
    {
        2 when Is(name, "te") => KnownHeader.Te,
        3 when Is(name, "via") => KnownHeader.Via,
        4 when Is(name, "host") => KnownHeader.Host,
        6 when Is(name, "accept") => KnownHeader.Accept,
        6 when Is(name, "origin") => KnownHeader.Origin,
        7 when Is(name, "referer") => KnownHeader.Referer,
        7 when Is(name, "purpose") => KnownHeader.Purpose,
        9 when Is(name, "sec-ch-ua") => KnownHeader.ClientHints,
        10 when Is(name, "user-agent") => KnownHeader.UserAgent,
        10 when Is(name, "connection") => KnownHeader.Connection,
        11 when Is(name, "sec-purpose") => KnownHeader.Purpose,
        14 when Is(name, "sec-fetch-site") => KnownHeader.FetchSite,
        14 when Is(name, "sec-fetch-mode") => KnownHeader.FetchMode,
        14 when Is(name, "sec-fetch-dest") => KnownHeader.FetchDest,
        14 when Is(name, "sec-fetch-user") => KnownHeader.FetchUser,
        14 when Is(name, "content-length") => KnownHeader.ContentLength,
        15 when Is(name, "accept-encoding") => KnownHeader.AcceptEncoding,
        15 when Is(name, "accept-language") => KnownHeader.AcceptLanguage,
        16 when Is(name, "sec-ch-ua-mobile") => KnownHeader.ClientHintMobile,
        17 when Is(name, "sec-websocket-key") => KnownHeader.WebSocketKey,
        18 when Is(name, "sec-ch-ua-platform") => KnownHeader.ClientHintPlatform,
        25 when Is(name, "upgrade-insecure-requests") => KnownHeader.UpgradeInsecureRequests,
        _ => KnownHeader.None,
    };

    private static bool Is(string name, string wanted) => Ascii.EqualsIgnoreCase(name, wanted);

    [InlineArray((int)KnownHeader.Count)]
    private struct Places
    {
        private short _first;
    }
}
