using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.MessageSignatures.Tests;

/// <summary>Each test begins with a request that is accepted and changes one thing.</summary>
public sealed class VerificationTests
{
    [Fact]
    public async Task Good_signature_is_verified()
    {
        var judgement = await A.JudgeAsync(A.Signed());

        Assert.Equal((SignatureFault.None, "https://agent.example", "web-bot-auth", "sig1"), (judgement.Fault, judgement.Owner, judgement.Signature!.Profile.Name, judgement.Signature.Label));
    }

    [Fact]
    public async Task Request_without_signature_has_none() => Assert.Equal(SignatureFault.NoSignature, await A.FaultAsync(A.Request()));

    [Theory]
    [InlineData("Signature-Input", SignatureFault.Malformed)]
    [InlineData("Signature", SignatureFault.NoSignatureForLabel)]
    public async Task One_field_without_the_other_is_refused(string dropped, SignatureFault fault)
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var signed);
        (string, string)[] fields = [("Signature-Input", signed!.Input), ("Signature", signed.Signature)];

        Assert.Equal(fault, await A.FaultAsync(A.Request([.. fields.Where(field => field.Item1 != dropped)])));
    }

    [Fact]
    public async Task Fields_in_several_lines_are_one_field()
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters with { Label = "b" }, out var signed);

        Assert.Equal(SignatureFault.None, await A.FaultAsync(A.Request(
            ("signature-input", "a=();created=1;tag=\"other\""), ("SIGNATURE", "a=:AAAA:"), ("Signature-Input", " " + signed!.Input + "\t"), ("Signature", signed.Signature))));
    }

    [Theory]
    [InlineData(60, SignatureFault.None)]
    [InlineData(61, SignatureFault.CreatedInFuture)]
    public async Task Signer_may_be_ahead_by_the_skew_alone(int seconds, SignatureFault fault) =>
        Assert.Equal(fault, await A.FaultAsync(A.Signed(A.Parameters with { Created = A.Now.AddSeconds(seconds), Expires = A.Now.AddSeconds(seconds + 60) })));

    [Theory]
    [InlineData(-1, SignatureFault.None)]
    [InlineData(0, SignatureFault.Expired)]
    public async Task Signature_ends_when_it_says(int seconds, SignatureFault fault) =>
        Assert.Equal(fault, await A.FaultAsync(A.Signed(), now: A.Parameters.Expires!.Value.AddSeconds(seconds)));

    [Theory]
    [InlineData(0, SignatureFault.None)]
    [InlineData(1, SignatureFault.LifeTooLong)]
    public async Task Life_is_limited(int seconds, SignatureFault fault) =>
        Assert.Equal(fault, await A.FaultAsync(A.Signed(A.Parameters with { Expires = A.Parameters.Created!.Value.AddDays(1).AddSeconds(seconds) })));

    [Fact]
    public async Task Signature_that_ends_before_it_begins_is_malformed() =>
        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Signed(A.Parameters with { Created = A.Now.AddSeconds(30), Expires = A.Now.AddSeconds(29) })));

    [Fact]
    public async Task Nonce_is_good_once_and_only_when_all_else_is()
    {
        var nonces = new MemoryNonces();
        var message = A.Signed();
        using var other = SigningKey.Create();

        // A forger must not be able to use up somebody's nonce.
        Assert.Equal(SignatureFault.UnknownKey, (await A.JudgeAsync(message, other, nonces: nonces)).Fault);
        Assert.Equal(SignatureFault.None, (await A.JudgeAsync(message, nonces: nonces)).Fault);
        Assert.Equal(SignatureFault.Replay, (await A.JudgeAsync(message, nonces: nonces)).Fault);
    }

    [Fact]
    public async Task Signature_whose_nonce_cannot_be_looked_up_is_not_verified() =>
        Assert.Equal(SignatureFault.ReplayUnknown, (await A.JudgeAsync(A.Signed(), nonces: new Away())).Fault);

    [Theory]
    [InlineData(false, SignatureFault.None)]
    [InlineData(true, SignatureFault.MissingParameter)]
    public async Task Nonce_may_be_left_out_unless_it_is_required(bool required, SignatureFault fault) => Assert.Equal(fault, await A.FaultAsync(
        A.Signed(A.Parameters with { Nonce = null }), verifier: new SignatureVerifier(SignatureProfile.WebBotAuth with { RequiresNonce = required })));

    [Theory]
    [InlineData(false, SignatureFault.None)]
    [InlineData(true, SignatureFault.MissingComponent)]
    public async Task Agent_may_be_left_out_unless_it_is_required(bool required, SignatureFault fault) => Assert.Equal(fault, await A.FaultAsync(
        A.Signed(), verifier: new SignatureVerifier(SignatureProfile.WebBotAuth with { RequiresAgent = required })));

    [Fact]
    public async Task Agents_are_believed_as_far_as_they_are_covered()
    {
        Assert.True(Component.TryParse("\"signature-agent\";key=\"b\"", out var covered));

        var judgement = await A.JudgeAsync(A.Signed(A.Parameters with { Components = [Component.Of("@authority"), covered] }, null, ("Signature-Agent", "a=\"https://evil.example\", b=\"https://b.example\"")));

        Assert.Equal(["https://b.example"], judgement.Signature!.Agents.Select(agent => agent.Uri));
    }

    [Fact]
    public async Task Target_uri_says_the_host_as_well() =>
        Assert.Equal(SignatureFault.None, await A.FaultAsync(A.Signed(A.Parameters with { Components = [Component.Of("@target-uri")] })));

    [Fact]
    public async Task Host_that_the_owner_may_not_sign_for_is_refused()
    {
        var request = HttpMessage.Request("GET", "https", "other.example", "/", MessageFields.None);
        MessageSigning.TrySign(request, A.Key, A.Parameters, out var signed);

        Assert.Equal(SignatureFault.WrongAuthority, await A.FaultAsync(
            HttpMessage.Request("GET", "https", "other.example", "/", new MessageFields(("Signature-Input", signed!.Input), ("Signature", signed.Signature)))));
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa-p256-sha256")]
    [InlineData("ecdsa-p384-sha384")]
    [InlineData("rsa-pss-sha512")]
    public async Task Every_algorithm_verifies_and_no_other_name_for_it(string name)
    {
        using var key = SigningKey.Create(Algorithms.Single(algorithm => algorithm.Name == name));
        var message = A.Signed(key: key);

        Assert.Equal(SignatureFault.None, await A.FaultAsync(message, key));
        foreach (var other in Algorithms.Where(other => other.Name != name).Select(other => other.Name).Append("hmac-sha256").Append("none"))
        {
            Assert.Equal(SignatureFault.AlgorithmMismatch, await A.FaultAsync(Renamed(message, name, other), key));
        }
    }

    [Fact]
    public async Task Key_outside_of_its_time_is_unknown()
    {
        var json = A.Json($$"""{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs","nbf":{{A.Now.AddHours(-1).ToUnixTimeSeconds()}},"exp":{{A.Now.AddHours(1).ToUnixTimeMilliseconds()}}}""");
        using var key = VerifyingKey.Read(json, out _)!;
        var long_ = new SignatureVerifier(SignatureProfile.WebBotAuth);

        foreach (var (now, fault) in new[] { (A.Now, SignatureFault.None), (A.Now.AddHours(2), SignatureFault.UnknownKey), (A.Now.AddHours(-2), SignatureFault.UnknownKey) })
        {
            var message = A.Signed(A.Parameters with { Created = now, Expires = now.AddMinutes(1) });
            Assert.Equal(fault, (await long_.JudgeAsync(message, now, new A.Keys(key), new MemoryNonces(), CancellationToken.None)).Fault);
        }
    }

    [Fact]
    public async Task Capital_key_id_is_read_only_where_that_is_set()
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var signed);
        // The text is signed as it stands, with spaces and all.
        var input = signed!.Input.Replace("keyid=", " keyId=", StringComparison.Ordinal);
        var text = $"\"@authority\": {A.Authority}\n\"@signature-params\": {input["sig1=".Length..]}";
        var message = A.Request(("Signature-Input", input), ("Signature", $"sig1=:{Convert.ToBase64String(A.Key.Sign(System.Text.Encoding.ASCII.GetBytes(text)))}:"));

        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(message));
        Assert.Equal(SignatureFault.None, await A.FaultAsync(message, verifier: new SignatureVerifier(SignatureProfile.WebBotAuth with { AllowsCapitalKeyId = true })));
    }

    [Theory]
    [InlineData("created", "created=\"1\"")]
    [InlineData("created", "created=1.5")]
    [InlineData("created", "created=-1")]
    [InlineData("created", "created=999999999999999")]
    [InlineData("keyid", "keyid=token")]
    [InlineData("keyid", "keyid=\"\"")]
    [InlineData("nonce", "nonce=:AAAA:")]
    [InlineData("tag", "tag=web-bot-auth")]
    public async Task Parameter_of_another_type_is_malformed(string name, string written)
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var signed);
        var input = string.Join(';', signed!.Input.Split(';').Select(part => part.StartsWith(name + "=", StringComparison.Ordinal) ? written : part));

        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request(("Signature-Input", input), ("Signature", signed.Signature))));
    }

    [Theory]
    [InlineData("(\"@authority\");tag=\"a\";tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"@nonsense\");tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"@signature-params\");tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"Host\");tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"host\";zz);tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"host\";bs;sf);tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"host\";key=k);tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"@method\";sf);tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"@query-param\");tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" \"a\";key=\"x\";tr \"a\";tr;key=\"x\");tag=\"web-bot-auth\"")]
    [InlineData("(\"@authority\" 1);tag=\"web-bot-auth\"")]
    [InlineData("\"@authority\";tag=\"web-bot-auth\"")]
    public async Task Nonsense_is_malformed(string input) =>
        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request(("Signature-Input", "sig1=" + input), ("Signature", "sig1=:AAAA:"))));

    [Theory]
    [InlineData("\"@status\"")]
    [InlineData("\"@authority\";req")]
    [InlineData("\"accept\"")]
    [InlineData("\"x\";tr")]
    [InlineData("\"x-plain\";key=\"a\"")]
    [InlineData("\"x-plain\";sf")]
    [InlineData("\"@query-param\";name=\"absent\"")]
    public async Task Component_that_the_request_lacks_is_missing(string component)
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var signed);

        Assert.Equal(SignatureFault.MissingComponent, await A.FaultAsync(A.Request(
            ("X-Plain", "not, a; dictionary!"), ("Signature-Input", signed!.Input.Replace("\"@authority\"", $"\"@authority\" {component}", StringComparison.Ordinal)), ("Signature", signed.Signature))));
    }

    [Fact]
    public async Task Value_with_a_line_break_cannot_stand_for_other_components()
    {
        MessageSigning.TrySign(A.Request(("X-Note", "a")), A.Key, A.Parameters with { Components = [Component.Of("x-note"), Component.Of("@authority")] }, out var signed);

        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request(("X-Note", "a\n\"@authority\": shop.example"), ("Signature-Input", signed!.Input), ("Signature", signed.Signature))));
    }

    [Fact]
    public async Task Two_signatures_under_one_label_are_malformed()
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var signed);

        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request(("Signature-Input", signed!.Input), ("Signature-Input", signed.Input), ("Signature", signed.Signature))));
    }

    [Fact]
    public async Task Reason_is_that_of_the_signature_that_came_furthest()
    {
        using var other = SigningKey.Create();
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters with { Label = "a", Tag = "other" }, out var first);
        MessageSigning.TrySign(A.Request(), other, A.Parameters with { Label = "b", KeyId = A.Key.Public.Thumbprint }, out var second);

        Assert.Equal(SignatureFault.BadSignature, await A.FaultAsync(A.Request(("Signature-Input", $"{first!.Input}, {second!.Input}"), ("Signature", $"{first.Signature}, {second.Signature}"))));
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(16_385)]
    public async Task Long_values_are_refused(int length)
    {
        var value = new string('a', length);

        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request(("Signature-Input", $"sig1=(\"@authority\");tag=\"{value}\""), ("Signature", "sig1=:AAAA:"))));
        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request(("Signature-Input", "sig1=(\"@authority\");tag=\"web-bot-auth\""), ("Signature", $"sig1=:{value}:"))));
    }

    [Fact]
    public async Task Flood_of_signatures_is_refused()
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var signed);
        (string, string)[] flood = [.. Enumerable.Range(0, 9).SelectMany(i => new[] { ("Signature-Input", signed!.Input.Replace("sig1=", $"s{i}=", StringComparison.Ordinal)), ("Signature", signed.Signature.Replace("sig1=", $"s{i}=", StringComparison.Ordinal)) })];

        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request(flood)));
        Assert.Equal(SignatureFault.None, await A.FaultAsync(A.Request(flood[2..])));
    }

    [Fact]
    public async Task Flood_of_covered_headers_is_refused()
    {
        (string, string)[] flood = [.. Enumerable.Range(0, 100).Select(i => ($"x-{i}", new string('a', 1_000)))];
        Component[] components = [Component.Of("@authority"), .. flood.Select(field => Component.Of(field.Item1))];

        Assert.False(MessageSigning.TrySign(A.Request(flood), A.Key, A.Parameters with { Components = components }, out _));
        MessageSigning.TrySign(A.Request(flood), A.Key, A.Parameters, out var signed);
        var input = signed!.Input.Replace("(\"@authority\")", $"({string.Join(' ', components.Select(component => component.Identifier))})", StringComparison.Ordinal);
        Assert.Equal(SignatureFault.Malformed, await A.FaultAsync(A.Request([.. flood, ("Signature-Input", input), ("Signature", signed.Signature)])));
    }

    private static readonly SignatureAlgorithm[] Algorithms =
        [SignatureAlgorithm.Ed25519, SignatureAlgorithm.RsaPssSha512, SignatureAlgorithm.EcdsaP256Sha256, SignatureAlgorithm.EcdsaP384Sha384];

    private static HttpMessage Renamed(HttpMessage message, string name, string other)
    {
        var (inputs, signatures) = (new List<string>(), new List<string>());
        message.Fields.Collect("signature-input", inputs);
        message.Fields.Collect("signature", signatures);
        return A.Request(("Signature-Input", inputs[0].Replace($"alg=\"{name}\"", $"alg=\"{other}\"", StringComparison.Ordinal)), ("Signature", signatures[0]));
    }

    private sealed class Away : INonceStore
    {
        public ValueTask<bool?> TryUseAsync(string keyId, string nonce, DateTimeOffset expires, CancellationToken cancellationToken) => new((bool?)null);
    }
}
