namespace CustobotGateway.BotDetection.Scoring;

/// <summary>Fetch metadata (W3C Fetch Metadata Request Headers): a browser writes all of it, and it agrees with itself and with the request.</summary>
internal static class FetchRules
{
    private const int ChromiumSince = 80;
    private const int FirefoxSince = 90;

    public static void AddTo(ref FeatureSet features, in HeaderIndex headers, in BrowserClaim claim, in CallerRequest request, bool navigates)
    {
        var site = headers.Value(KnownHeader.FetchSite);
        var mode = headers.Value(KnownHeader.FetchMode);
        var dest = headers.Value(KnownHeader.FetchDest);
        if (site.IsEmpty && mode.IsEmpty && dest.IsEmpty)
        {
            if (headers.Has(KnownHeader.WebSocketKey))
            {
                return;
            }
            // Safari has them since 16.4; behind some programs that look into TLS it does not, so nothing is concluded there.
            features.Add(HeaderFeature.FetchMissingChromium, request.IsSecure && claim.Engine == BrowserEngine.Chromium && claim.Version >= ChromiumSince);
            features.Add(HeaderFeature.FetchMissingFirefox, request.IsSecure && claim.Engine == BrowserEngine.Firefox && claim.Version >= FirefoxSince);
            return;
        }
        features.Add(HeaderFeature.FetchIncomplete, site.IsEmpty || mode.IsEmpty || dest.IsEmpty);
        features.Add(HeaderFeature.FetchImpossible, IsImpossible(headers, mode, dest, navigates) || !IsKnownSite(site));
        var referer = headers.Value(KnownHeader.Referer);
        if (referer.IsEmpty)
        {
            features.Add(HeaderFeature.FetchOwnWithoutReferer, site is "same-origin" or "same-site");
            features.Add(HeaderFeature.FetchCrossWithoutReferer, site is "cross-site");
        }
        else
        {
            features.Add(HeaderFeature.FetchNoneWithReferer, site is "none");
            features.Add(HeaderFeature.FetchRefererElsewhere, site is "same-origin" && request.Headers.OrderIsKnown && !IsOf(referer, headers.Value(KnownHeader.Host)));
        }
    }

    private static bool IsKnownSite(ReadOnlySpan<char> site) => site is "" or "none" or "same-origin" or "same-site" or "cross-site";

    private static bool IsImpossible(in HeaderIndex headers, ReadOnlySpan<char> mode, ReadOnlySpan<char> dest, bool navigates)
    {
        if (headers.Has(KnownHeader.Purpose) || mode.IsEmpty || dest.IsEmpty)
        {
            return false;
        }
        if (navigates)
        {
            return dest is not ("document" or "iframe" or "frame" or "fencedframe" or "object" or "embed");
        }
        // A page's own headers on what is no page.
        return dest is "document" or "iframe" or "frame"
            || headers.Has(KnownHeader.UpgradeInsecureRequests)
            || headers.Has(KnownHeader.FetchUser)
            || headers.Value(KnownHeader.Accept).StartsWith("text/html,application/xhtml+xml,application/xml;q=0.9", StringComparison.Ordinal);
    }

    private static bool IsOf(ReadOnlySpan<char> referer, ReadOnlySpan<char> host)
    {
        var at = referer.IndexOf("://", StringComparison.Ordinal);
        return at > 0 && referer[(at + 3)..] is var rest && rest.StartsWith(host, StringComparison.OrdinalIgnoreCase)
            && (rest.Length == host.Length || rest[host.Length] is '/' or ':' or '?' or '#');
    }
}
