namespace CustobotGateway.BotDetection.Scoring;

/// <summary>
/// Compares what a request shows with what the browser would send that it claims to be. Each rule is a fact about browsers, with the version since when it holds;
/// none is about a program that imitates them. Where order and case are unknown, the rules about them are silent.
/// </summary>
internal readonly ref struct BrowserRules
{
    // Since when browsers send what the rules ask for.
    private const int ChromiumPng = 60;
    private const int ChromiumQualities = 65;
    private const int ChromiumBrotli = 51;
    private const int FirefoxBrotli = 52;
    private const int WebKitBrotli = 13;
    private const int ChromiumHints = 90;
    private const int ChromiumAllHints = 96;
    private const int ChromiumFrozenBuild = 113;
    private const int ChromiumZstd = 124;
    private const int ChromiumZstdTrials = 117;
    private const int FirefoxZstd = 126;
    private const int WebKitExpandsLanguages = 14;

    private readonly CallerRequest _request;
    private readonly HeaderIndex _headers;
    private readonly BrowserClaim _claim;
    private readonly bool _navigates;
    private readonly bool _ordered;
    private readonly bool _overHttp1;

    public BrowserRules(in CallerRequest request, in HeaderIndex headers, in BrowserClaim claim)
    {
        _request = request;
        _headers = headers;
        _claim = claim;
        // A proxy on the way writes HTTP/1.1's connection, case and encodings in its own manner.
        _ordered = request.Headers.OrderIsKnown;
        _overHttp1 = request.HttpVersion.StartsWith('1') && _ordered && !headers.Has(KnownHeader.Via);
        var mode = headers.Value(KnownHeader.FetchMode);
        _navigates = mode.IsEmpty
            ? headers.Has(KnownHeader.UpgradeInsecureRequests) || headers.Value(KnownHeader.Accept).StartsWith("text/html", StringComparison.Ordinal)
            : mode.SequenceEqual("navigate");
    }

    private bool IsChromium => _claim.Engine == BrowserEngine.Chromium;

    private bool IsFirefox => _claim.Engine == BrowserEngine.Firefox;

    // A cross-origin check before the real request and the start of a WebSocket go without most headers.
    private bool IsBare => _request.Method == "OPTIONS" || _headers.Has(KnownHeader.WebSocketKey);

    public void AddTo(ref FeatureSet features)
    {
        features.Add(HeaderFeature.AgentTellsBuild, IsChromium && !_claim.Embedded && _claim.TellsBuild && _claim.Version >= ChromiumFrozenBuild);
        AddHints(ref features);
        FetchRules.AddTo(ref features, _headers, _claim, _request, _navigates);
        AddAccept(ref features);
        AddLanguage(ref features);
        AddEncoding(ref features);
        AddTransport(ref features);
        if (_ordered && !IsBare)
        {
            HeaderOrder.AddTo(ref features, _headers, _claim, _navigates);
            features.Add(HeaderFeature.OrderHost, _overHttp1 && _headers.At(KnownHeader.Host) > 1);
        }
        features.Add(HeaderFeature.OriginMissing, _request.Method is "POST" or "PUT" or "PATCH" or "DELETE" && !_headers.Has(KnownHeader.Origin));
        features.Add(HeaderFeature.UpgradeMissing, IsChromium && !_claim.Embedded && _navigates && !_headers.Has(KnownHeader.UpgradeInsecureRequests)
            && _headers.Value(KnownHeader.FetchDest).SequenceEqual("document"));
    }

    private void AddHints(ref FeatureSet features)
    {
        var (brands, mobile, platform) = (_headers.Has(KnownHeader.ClientHints), _headers.Has(KnownHeader.ClientHintMobile), _headers.Has(KnownHeader.ClientHintPlatform));
        if (!IsChromium)
        {
            features.Add(HeaderFeature.HintsForeign, brands || mobile || platform);
            return;
        }
        var expected = _request.IsSecure && !IsBare && !_claim.Embedded;
        var missing = expected && !brands && !mobile && !platform && _claim.Version >= ChromiumHints;
        // What looks into TLS on the way speaks HTTP/1.1, and some of it drops what it does not know.
        features.Add(_request.HttpVersion.StartsWith('1') ? HeaderFeature.HintsMissingHttp1 : HeaderFeature.HintsMissing, missing);
        features.Add(HeaderFeature.HintsPartial, expected && (brands || mobile || platform) && !(brands && mobile && platform) && _claim.Version >= ChromiumAllHints);
        if (brands)
        {
            var list = BrandList.Read(_headers.Value(KnownHeader.ClientHints));
            features.Add(HeaderFeature.HintBrands, !list.FollowsRule || (list.ChromiumVersion == 0 && _claim.Version >= BrandList.RuleSince));
            features.Add(HeaderFeature.HintVersion, list.ChromiumVersion != 0 && list.ChromiumVersion != _claim.Version);
            features.Add(HeaderFeature.HintProduct, !_claim.Embedded && (list.NamesEdge != _claim.IsEdge || (list.NamesChrome && _claim.IsEdge)));
            features.Add(HeaderFeature.AgentTool, list.NamesHeadless);
        }
        if (mobile)
        {
            features.Add(HeaderFeature.HintMobile, _headers.Value(KnownHeader.ClientHintMobile).SequenceEqual("?1") != _claim.Mobile);
        }
        if (platform && _claim.Platform != ClaimedPlatform.Unknown)
        {
            features.Add(HeaderFeature.HintPlatform, !IsPlatform(_headers.Value(KnownHeader.ClientHintPlatform).Trim('"')));
        }
    }

    private bool IsPlatform(ReadOnlySpan<char> hint) => hint switch
    {
        "Windows" => _claim.Platform == ClaimedPlatform.Windows,
        "macOS" or "Mac OS X" => _claim.Platform == ClaimedPlatform.MacOs,
        "Linux" => _claim.Platform == ClaimedPlatform.Linux,
        "Android" => _claim.Platform == ClaimedPlatform.Android,
        "Chrome OS" or "Chromium OS" or "ChromeOS" => _claim.Platform == ClaimedPlatform.ChromeOs,
        // Systems that are neither here nor in the user agent's list.
        _ => true,
    };

    private void AddAccept(ref FeatureSet features)
    {
        var accept = _headers.Value(KnownHeader.Accept);
        features.Add(HeaderFeature.AcceptMissing, accept.IsEmpty && !IsBare);
        if (!_navigates || accept.IsEmpty)
        {
            return;
        }
        const string page = "text/html,application/xhtml+xml,application/xml;q=0.9,";
        features.Add(HeaderFeature.AcceptOtherBrowser, _claim.Engine switch
        {
            BrowserEngine.Chromium when _claim.Version < ChromiumPng => false,
            BrowserEngine.Chromium => !accept.StartsWith(page, StringComparison.Ordinal) || !accept.Contains("image/apng", StringComparison.Ordinal),
            BrowserEngine.Firefox => !accept.StartsWith(page, StringComparison.Ordinal) || accept.Contains("image/apng", StringComparison.Ordinal),
            _ => !accept.StartsWith(page, StringComparison.Ordinal) || accept.Contains("image/", StringComparison.Ordinal),
        });
    }

    private void AddLanguage(ref FeatureSet features)
    {
        var language = _headers.Value(KnownHeader.AcceptLanguage);
        features.Add(HeaderFeature.LanguageMissing, language.IsEmpty && !IsBare);
        features.Add(HeaderFeature.LanguageAny, language.SequenceEqual("*"));
        // What an application around the engine writes is its own matter.
        if (language.IsEmpty || _claim.Embedded || IsFirefox)
        {
            return;
        }
        var expands = IsChromium || (_claim.Platform is ClaimedPlatform.Ios or ClaimedPlatform.MacOs && _claim.Version >= WebKitExpandsLanguages);
        features.Add(HeaderFeature.LanguageNotExpanded, expands && language.Length == 5 && language[2] == '-');
        features.Add(HeaderFeature.LanguageQuality, IsChromium && _claim.Version >= ChromiumQualities && language.IndexOf(";q=", StringComparison.Ordinal) is var at and >= 0
            && !language[(at + 3)..].StartsWith("0.9", StringComparison.Ordinal));
    }

    private void AddEncoding(ref FeatureSet features)
    {
        // Sound and pictures that move are asked for by ranges, uncompressed.
        if (_headers.Value(KnownHeader.FetchDest) is "video" or "audio")
        {
            return;
        }
        var encoding = _headers.Value(KnownHeader.AcceptEncoding);
        features.Add(HeaderFeature.EncodingMissing, encoding.IsEmpty && !IsBare);
        if (encoding.IsEmpty)
        {
            return;
        }
        features.Add(HeaderFeature.EncodingForm, !encoding.StartsWith("gzip", StringComparison.Ordinal) || encoding.Contains("compress", StringComparison.Ordinal));
        var (brotli, zstd) = (encoding.Contains("br", StringComparison.Ordinal), encoding.Contains("zstd", StringComparison.Ordinal));
        var brotliSince = IsChromium ? ChromiumBrotli : IsFirefox ? FirefoxBrotli : WebKitBrotli;
        features.Add(HeaderFeature.EncodingNoBrotli, !brotli && _claim.Version >= brotliSince && _request.IsSecure && !_headers.Has(KnownHeader.Via));
        var (since, tried) = IsChromium ? (ChromiumZstd, ChromiumZstdTrials) : IsFirefox ? (FirefoxZstd, FirefoxZstd) : (int.MaxValue, 0);
        features.Add(HeaderFeature.EncodingNoZstd, brotli && !zstd && _claim.Version >= since && _request.IsSecure && !_claim.Embedded && !_headers.Has(KnownHeader.Via));
        features.Add(HeaderFeature.EncodingZstdEarly, zstd && _claim.Version != 0 && _claim.Version < tried);
    }

    private void AddTransport(ref FeatureSet features)
    {
        if (_overHttp1)
        {
            var connection = _headers.Value(KnownHeader.Connection);
            features.Add(HeaderFeature.ConnectionMissing, connection.IsEmpty);
            features.Add(HeaderFeature.ConnectionClose, connection.Equals("close", StringComparison.OrdinalIgnoreCase));
            features.Add(HeaderFeature.NamesLowerCase, IsLower(_headers.Name(KnownHeader.Host)) || IsLower(_headers.Name(KnownHeader.UserAgent)));
            features.Add(HeaderFeature.NamesHintCase, IsChromium && _headers.Has(KnownHeader.ClientHints) && !IsLower(_headers.Name(KnownHeader.ClientHints)));
        }
        else if (_request.HttpVersion.StartsWith('2'))
        {
            features.Add(HeaderFeature.TrailersMissing, IsFirefox && _ordered && !_headers.Has(KnownHeader.Te));
            features.Add(HeaderFeature.PseudoOrder, _request.Http2PseudoOrder is { Length: > 0 } order && _claim.Engine switch
            {
                BrowserEngine.Chromium => order != "masp",
                BrowserEngine.Firefox => order != "mpas",
                _ => order is not ("mspa" or "msap"),
            });
        }
    }

    private static bool IsLower(ReadOnlySpan<char> name) => !name.IsEmpty && char.IsAsciiLetterLower(name[0]);
}
