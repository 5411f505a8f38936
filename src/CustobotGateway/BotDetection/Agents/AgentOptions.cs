using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Which signatures of agents are believed, and what the gateway signs itself; section <c>BotDetection:Agents</c> of the configuration.</summary>
public sealed record AgentOptions
{
    /// <summary>
    /// Hosts, with their ports where they are not the scheme's own, separated by spaces, that signatures may be over. Default empty: the public URL's host. Name a host here
    /// that a proxy in front passes on as Host besides.
    /// </summary>
    public string Authorities { get; init; } = "";

    /// <summary>Seconds that a signature of Web Bot Auth may be good for. Default 86,400, 60 to 315,360,000.</summary>
    public int MaxLifeSeconds { get; init; } = 86_400;

    /// <summary>Seconds that a signature of Visa TAP may be good for. Default 480, which Visa asks for; 60 to 86,400.</summary>
    public int MaxTapLifeSeconds { get; init; } = 480;

    /// <summary>Seconds that a signer's clock may be ahead. Default 60, 0 to 600.</summary>
    public int ClockSkewSeconds { get; init; } = 60;

    /// <summary>Whether a signature has to carry a nonce. Default false; one that is there is good once in any case.</summary>
    public bool RequireNonce { get; init; }

    /// <summary>Whether a request has to name its agent (Signature-Agent). Default false.</summary>
    public bool RequireSignatureAgent { get; init; }

    /// <summary>Whether <c>keyId</c>, which is no legal key of a structured field, is read as <c>keyid</c>. Default false.</summary>
    public bool AllowCapitalKeyId { get; init; }

    /// <summary>Whether nonces are remembered in the database, so that a replay at another gateway fails. Default true; false for a single gateway, which forgets them when it ends.</summary>
    public bool SharedNonces { get; init; } = true;

    /// <summary>Minutes that a fetched key directory is used at most, whatever it says. Default 1,440, 1 to 10,080.</summary>
    public int DirectoryMinutes { get; init; } = 1_440;

    /// <summary>Whether every answer is signed, and not only where the caller asks for it (Accept-Signature). Default false.</summary>
    public bool SignAnswers { get; init; }

    /// <summary>Hours that one of the gateway's own keys signs. Default 2,160, which is 90 days; 2 to 17,520. Its successor is published a day before it signs.</summary>
    public int KeySignsHours { get; init; } = 2_160;

    /// <summary>Throws where a value is out of its range.</summary>
    public AgentOptions Check()
    {
        ThrowIfOutside(MaxLifeSeconds, 60, 315_360_000, nameof(MaxLifeSeconds));
        ThrowIfOutside(MaxTapLifeSeconds, 60, 86_400, nameof(MaxTapLifeSeconds));
        ThrowIfOutside(ClockSkewSeconds, 0, 600, nameof(ClockSkewSeconds));
        ThrowIfOutside(DirectoryMinutes, 1, 10_080, nameof(DirectoryMinutes));
        ThrowIfOutside(KeySignsHours, 2, 17_520, nameof(KeySignsHours));
        return this;
    }

    /// <summary>The verifier that the settings make.</summary>
    internal SignatureVerifier ToVerifier() => new(
        With(SignatureProfile.WebBotAuth, MaxLifeSeconds),
        With(SignatureProfile.VisaTap, MaxTapLifeSeconds) with { AllowsCapitalKeyId = AllowCapitalKeyId, RequiresAgent = false });

    private SignatureProfile With(SignatureProfile profile, int seconds) => profile with
    {
        MostLife = TimeSpan.FromSeconds(seconds),
        Skew = TimeSpan.FromSeconds(ClockSkewSeconds),
        RequiresNonce = RequireNonce,
        RequiresAgent = RequireSignatureAgent,
    };

    private static void ThrowIfOutside(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"BotDetection:Agents:{name} lies between {least} and {most}.");
        }
    }
}
