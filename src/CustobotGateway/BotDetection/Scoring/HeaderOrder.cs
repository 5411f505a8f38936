using static CustobotGateway.BotDetection.Scoring.KnownHeader;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>The order of headers that all versions of a browser keep. Safari's has changed too often to say anything about it.</summary>
internal static class HeaderOrder
{
    private const int NavigationSince = 80;

    public static void AddTo(ref FeatureSet features, in HeaderIndex headers, in BrowserClaim claim, bool navigates)
    {
        if (claim.Engine == BrowserEngine.Firefox)
        {
            features.Add(HeaderFeature.OrderFirefox,
                headers.Reversed(UserAgent, Accept) || headers.Reversed(Accept, AcceptLanguage) || headers.Reversed(AcceptLanguage, AcceptEncoding)
                || headers.Reversed(FetchDest, FetchMode) || headers.Reversed(FetchMode, FetchSite) || headers.Reversed(AcceptEncoding, FetchDest));
        }
        // What an application around Chromium sets, it puts where it likes.
        if (claim.Engine != BrowserEngine.Chromium || claim.OwnOrder)
        {
            return;
        }
        features.Add(HeaderFeature.OrderLanguage, headers.Reversed(AcceptEncoding, AcceptLanguage) || headers.Reversed(Accept, AcceptLanguage));
        features.Add(HeaderFeature.OrderFetch,
            headers.Reversed(FetchSite, FetchMode) || headers.Reversed(FetchMode, FetchUser) || headers.Reversed(FetchUser, FetchDest) || headers.Reversed(FetchMode, FetchDest)
            || headers.Reversed(Accept, FetchSite) || headers.Reversed(FetchDest, AcceptEncoding) || headers.Reversed(FetchDest, Referer) || headers.Reversed(Referer, AcceptEncoding));
        features.Add(HeaderFeature.OrderNavigation, navigates && claim.Version >= NavigationSince
            && (headers.Reversed(UpgradeInsecureRequests, UserAgent) || headers.Reversed(UserAgent, Accept)
                || headers.Reversed(ClientHints, ClientHintMobile) || headers.Reversed(ClientHintMobile, ClientHintPlatform) || AreHintsMisplaced(headers)));
    }

    // Two true places: before Upgrade-Insecure-Requests, and on a reload or a form between Sec-Fetch-Dest and Accept-Encoding.
    private static bool AreHintsMisplaced(in HeaderIndex headers) =>
        headers.Has(ClientHints) && headers.Has(FetchDest) && headers.Has(UpgradeInsecureRequests)
        && !headers.InOrder(ClientHints, UpgradeInsecureRequests)
        && !(headers.InOrder(FetchDest, ClientHints) && !headers.Reversed(ClientHints, AcceptEncoding));
}
