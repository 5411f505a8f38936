namespace CustobotGateway.BotDetection.Scoring;

/// <summary>What one request's headers show, as a set of features: each set bit is one <see cref="HeaderFeature"/>.</summary>
internal readonly record struct HeaderReading(ulong Features, string? DeclaredAs)
{
    /// <summary>What the headers show; read once for requests that repeat them.</summary>
    public static HeaderReading OfRepeated(in CallerRequest request, SignatureEvidence signature)
    {
        if (signature.Outcome != SignatureOutcome.None)
        {
            return Of(request, signature);
        }
        // The path is of no matter to what headers show.
        if (request.Headers.Remembered is not { } known || known.Of.Method != request.Method || known.Of.IsSecure != request.IsSecure
            || known.Of.HttpVersion != request.HttpVersion || known.Of.Http2PseudoOrder != request.Http2PseudoOrder)
        {
            request.Headers.Remembered = known = (request, Of(request, signature));
        }
        return known.Reading;
    }

    /// <summary>Reads the headers in one pass.</summary>
    public static HeaderReading Of(in CallerRequest request, SignatureEvidence signature)
    {
        var headers = new HeaderIndex(request.Headers.Pairs);
        var features = default(FeatureSet);
        features.Add(HeaderFeature.SignatureGood, signature.Outcome == SignatureOutcome.Good);
        features.Add(HeaderFeature.SignatureBad, signature.Outcome == SignatureOutcome.Bad);
        features.Add(HeaderFeature.SignatureUnjudged, signature.Outcome == SignatureOutcome.Unjudged);
        features.Add(HeaderFeature.LengthOfNothing, headers.Has(KnownHeader.ContentLength) && IsRead(request.Method));

        var agent = headers.Value(KnownHeader.UserAgent);
        var named = CrawlerList.Find(agent, out var name);
        if (named is NamedAs.Nothing && DeclaredToken.Find(agent) is { } declared)
        {
            (named, name) = (NamedAs.Service, declared);
        }
        var claim = named is NamedAs.Nothing or NamedAs.Tool ? BrowserClaim.Read(agent) : default;
        features.Add(HeaderFeature.AgentMissing, agent.IsEmpty);
        features.Add(HeaderFeature.AgentDeclared, named == NamedAs.Service);
        features.Add(HeaderFeature.AgentLibrary, named == NamedAs.Library);
        features.Add(HeaderFeature.AgentTool, named == NamedAs.Tool);
        features.Add(HeaderFeature.AgentCutShort, claim.CutShort);
        features.Add(HeaderFeature.AgentNoBrowser, named == NamedAs.Nothing && claim.Engine == BrowserEngine.None && !claim.CutShort && !agent.IsEmpty);
        // Who names no browser cannot contradict it.
        if (claim.Engine is BrowserEngine.Chromium or BrowserEngine.Firefox or BrowserEngine.WebKit)
        {
            new BrowserRules(request, headers, claim).AddTo(ref features);
        }
        return new(features.Bits, named == NamedAs.Service ? name : null);
    }

    internal static bool IsRead(string method) => method is "GET" or "HEAD";
}

/// <summary>A set of features that is being read.</summary>
internal struct FeatureSet
{
    public ulong Bits { get; private set; }

    public void Add(HeaderFeature feature, bool isThere)
    {
        if (isThere)
        {
            Bits |= 1UL << (int)feature;
        }
    }
}
