namespace CustobotGateway.BotDetection.Scoring;

/// <summary>How a feature is called, told, and bounded.</summary>
/// <param name="Code">Its name in weights and answers.</param>
/// <param name="Text">What it means, in plain words.</param>
/// <param name="Expected">The weight that knowledge of browsers and people gives it before any data: training starts there and is drawn back to it where data are few.</param>
/// <param name="Least">The least weight that theory allows.</param>
/// <param name="Most">The most: what some people show for a good reason never weighs much, whatever the data say.</param>
internal sealed record FeatureText(string Code, string Text, double Expected, double Least, double Most);

/// <summary>How much a feature may weigh.</summary>
/// <param name="Expected">Before any data.</param>
/// <param name="Most">Whatever the data say.</param>
internal sealed record Evidence(double Expected, double Most)
{
    /// <summary>No person shows it.</summary>
    public static readonly Evidence Certain = new(6, 8);

    /// <summary>It contradicts how the browser works.</summary>
    public static readonly Evidence Strong = new(4.5, 7);

    /// <summary>It contradicts how the browser works, unless something on the way changed it.</summary>
    public static readonly Evidence Good = new(2.5, 4);

    /// <summary>Some people show it: by an extension, a proxy, a setting.</summary>
    public static readonly Evidence Fair = new(1.5, 3);

    /// <summary>Not few people show it.</summary>
    public static readonly Evidence Weak = new(0.4, 1);
}

/// <summary>The features of a single request in words.</summary>
internal static class HeaderFeatureTexts
{
    public static readonly IReadOnlyList<FeatureText> All = Build();

    private static FeatureText[] Build()
    {
        var all = new FeatureText[(int)HeaderFeature.Count];
        void Add(HeaderFeature feature, Evidence evidence, string code, string text) => all[(int)feature] = new(code, text, evidence.Expected, 0, evidence.Most);

        Add(HeaderFeature.SignatureGood, Evidence.Certain, "signature_good", "The request carries a signature that verified. Software signs; a person's browser does not.");
        Add(HeaderFeature.SignatureBad, Evidence.Certain, "signature_bad", "The request carries a message signature that did not verify.");
        Add(HeaderFeature.SignatureUnjudged, Evidence.Certain, "signature_unjudged", "The request carries a message signature, which a person's browser does not.");
        Add(HeaderFeature.AgentMissing, Evidence.Certain, "agent_missing", "There is no user agent; every browser sends one.");
        Add(HeaderFeature.AgentLibrary, Evidence.Certain, "agent_library", "The user agent names a programming library or a command-line client.");
        Add(HeaderFeature.AgentTool, Evidence.Certain, "agent_tool", "The user agent or its brands name a browser without a window, or a program that drives one.");
        Add(HeaderFeature.AgentDeclared, Evidence.Certain, "agent_declared", "The user agent names a crawler or service.");
        Add(HeaderFeature.AgentNoBrowser, Evidence.Certain, "agent_no_browser", "The user agent names no browser.");
        Add(HeaderFeature.AgentCutShort, Evidence.Strong, "agent_cut_short", "The user agent begins like a browser's and is not written as browsers write it.");
        Add(HeaderFeature.AgentTellsBuild, Evidence.Weak, "agent_tells_build", "The user agent tells Chromium's build number, which browsers have stopped to do.");
        Add(HeaderFeature.HintsMissing, Evidence.Strong, "hints_missing", "This browser sends client hints (Sec-CH-UA) with every request over TLS; here they are missing.");
        Add(HeaderFeature.HintsMissingHttp1, Evidence.Fair, "hints_missing_http1", "This browser sends client hints (Sec-CH-UA) over TLS; here they are missing, as behind some programs that look into TLS.");
        Add(HeaderFeature.HintsPartial, Evidence.Fair, "hints_partial", "Some of the client hints that come together are missing.");
        Add(HeaderFeature.HintsForeign, Evidence.Strong, "hints_foreign", "Client hints are there, which the browser that the user agent names does not send.");
        Add(HeaderFeature.HintBrands, Evidence.Strong, "hint_brands", "The brands in Sec-CH-UA are not those that this version of Chromium writes.");
        Add(HeaderFeature.HintVersion, Evidence.Strong, "hint_version", "User agent and client hints tell different versions.");
        Add(HeaderFeature.HintPlatform, Evidence.Strong, "hint_platform", "User agent and client hints tell different operating systems.");
        Add(HeaderFeature.HintMobile, Evidence.Strong, "hint_mobile", "User agent and client hints disagree on whether this is a phone.");
        Add(HeaderFeature.HintProduct, Evidence.Good, "hint_product", "User agent and client hints name different browsers.");
        Add(HeaderFeature.FetchMissingChromium, Evidence.Strong, "fetch_missing_chromium", "This version of Chromium says for what a request is (Sec-Fetch-…); here that is missing.");
        Add(HeaderFeature.FetchMissingFirefox, Evidence.Strong, "fetch_missing_firefox", "This version of Firefox says for what a request is (Sec-Fetch-…); here that is missing.");
        Add(HeaderFeature.FetchIncomplete, Evidence.Strong, "fetch_incomplete", "Of the Sec-Fetch headers, which come together, some are missing.");
        Add(HeaderFeature.FetchImpossible, Evidence.Strong, "fetch_impossible", "The Sec-Fetch headers contradict each other or the kind of request.");
        Add(HeaderFeature.FetchNoneWithReferer, Evidence.Fair, "fetch_none_with_referer", "The request says that no page led here, and names one.");
        Add(HeaderFeature.FetchOwnWithoutReferer, Evidence.Fair, "fetch_own_without_referer", "The request says that a page of this site led here, and names none.");
        Add(HeaderFeature.FetchCrossWithoutReferer, Evidence.Weak, "fetch_cross_without_referer", "The request says that a page of another site led here, and names none.");
        Add(HeaderFeature.FetchRefererElsewhere, Evidence.Strong, "fetch_referer_elsewhere", "The request says that a page of this origin led here, and names one of another.");
        Add(HeaderFeature.OrderHost, Evidence.Strong, "order_host", "Host is not the first header, as it is in every browser.");
        Add(HeaderFeature.OrderLanguage, Evidence.Strong, "order_language", "Accept-Language stands where Chromium puts it only when a program sets it.");
        Add(HeaderFeature.OrderFetch, Evidence.Strong, "order_fetch", "The Sec-Fetch headers and their neighbours are not in Chromium's order.");
        Add(HeaderFeature.OrderNavigation, Evidence.Strong, "order_navigation", "A page's headers are not in Chromium's order.");
        Add(HeaderFeature.OrderFirefox, Evidence.Strong, "order_firefox", "The headers are not in Firefox's order.");
        Add(HeaderFeature.AcceptMissing, Evidence.Strong, "accept_missing", "There is no Accept; every browser sends one.");
        Add(HeaderFeature.AcceptOtherBrowser, Evidence.Strong, "accept_other_browser", "For a page, the browser that the user agent names sends another Accept.");
        Add(HeaderFeature.LanguageMissing, Evidence.Strong, "language_missing", "There is no Accept-Language; browsers send one.");
        Add(HeaderFeature.LanguageAny, Evidence.Strong, "language_any", "Accept-Language takes any language; browsers name their user's.");
        Add(HeaderFeature.LanguageNotExpanded, Evidence.Fair, "language_not_expanded", "Accept-Language names one country's language alone; this browser adds the language itself.");
        Add(HeaderFeature.LanguageQuality, Evidence.Weak, "language_quality", "Accept-Language is weighted as another browser does it.");
        Add(HeaderFeature.EncodingMissing, Evidence.Strong, "encoding_missing", "There is no Accept-Encoding; browsers send one.");
        Add(HeaderFeature.EncodingForm, Evidence.Strong, "encoding_form", "Accept-Encoding is not written as browsers write it.");
        Add(HeaderFeature.EncodingNoBrotli, Evidence.Weak, "encoding_no_brotli", "Accept-Encoding lacks Brotli, which browsers take over TLS.");
        Add(HeaderFeature.EncodingNoZstd, Evidence.Fair, "encoding_no_zstd", "Accept-Encoding lacks Zstandard, which this version takes.");
        Add(HeaderFeature.EncodingZstdEarly, Evidence.Fair, "encoding_zstd_early", "Accept-Encoding has Zstandard, which this version does not know.");
        Add(HeaderFeature.ConnectionMissing, Evidence.Fair, "connection_missing", "Over HTTP/1.1 browsers send Connection; here it is missing.");
        Add(HeaderFeature.ConnectionClose, Evidence.Good, "connection_close", "The connection is to be closed after one request; browsers keep it.");
        Add(HeaderFeature.NamesLowerCase, Evidence.Good, "names_lower_case", "Over HTTP/1.1 header names are in lower case, as browsers do not write them.");
        Add(HeaderFeature.NamesHintCase, Evidence.Good, "names_hint_case", "The names of the client hints begin with a capital; over HTTP/1.1 Chromium writes them small.");
        Add(HeaderFeature.LengthOfNothing, Evidence.Good, "length_of_nothing", "A request without a body tells the length of one; browsers do not.");
        Add(HeaderFeature.OriginMissing, Evidence.Good, "origin_missing", "Something was sent without Origin, which browsers add.");
        Add(HeaderFeature.UpgradeMissing, Evidence.Fair, "upgrade_missing", "A page was asked for without Upgrade-Insecure-Requests.");
        Add(HeaderFeature.TrailersMissing, Evidence.Fair, "trailers_missing", "Over HTTP/2 Firefox says that it takes trailers; here that is missing.");
        Add(HeaderFeature.PseudoOrder, Evidence.Good, "pseudo_order", "The HTTP/2 request line is in another order than this browser's.");
        return all;
    }
}
