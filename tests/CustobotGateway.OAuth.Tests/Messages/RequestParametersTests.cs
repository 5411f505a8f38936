using System.Text;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Tests.Messages;

public sealed class RequestParametersTests
{
    [Fact]
    public void Empty_is_absent_and_resources_may_repeat()
    {
        var read = A.Parameters(("scope", ""), ("resource", A.Api), ("resource", A.Graph), ("state", "x"));

        Assert.Null(read["scope"]);
        Assert.Equal([A.Api, A.Graph], read.All("resource"));
        Assert.Equal("x", read["state"]);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("client_id")]
    [InlineData("unheard_of")]
    public void No_other_parameter_repeats(string name) => Refused((name, "a"), (name, "a"));

    [Fact]
    public void Sizes_and_characters_are_bounded()
    {
        Refused([.. Enumerable.Range(0, 65).Select(i => ($"p{i}", "v"))]);
        Refused((new string('n', 129), "v"));
        Refused(("state", new string('v', 16_385)));
        Refused(("state", "a\0b"));
        Refused(("state", "a\ud800b"));
        Refused(("sta\u0007te", "v"));
        Assert.Equal("😀\n", A.Parameters(("state", "😀\n"))["state"]);
    }

    [Fact]
    public void A_request_that_waits_is_read_as_it_was()
    {
        var request = A.Parameters(("state", "ä\"&\n"), ("resource", A.Api), ("resource", A.Graph));

        Assert.Equal(request.Pairs, RequestParameters.FromJson(request.ToJson()).Value.Pairs);
    }

    [Fact]
    public void A_form_is_decoded()
    {
        var form = Form("grant_type=client_credentials&&scope=catalog%3aread+%C3%A4&empty=&details=%5B%0A%5D&flag");

        Assert.Equal(
            [new("grant_type", "client_credentials"), new("scope", "catalog:read ä"), new("details", "[\n]")],
            form.Value.Pairs);
        Assert.Empty(Form("").Value.Pairs);
    }

    [Theory]
    [InlineData("state=%")]
    [InlineData("state=%4")]
    [InlineData("state=%zz")]
    [InlineData("state=%ff")]
    [InlineData("st%ffate=1")]
    [InlineData("state=\u00ff")]
    [InlineData("state=%00")]
    [InlineData("state=%C2%85")]
    [InlineData("state=1&state=2")]
    public void A_form_that_is_not_encoded_as_one_is_refused(string body) => Assert.Equal("invalid_request", Form(body).Error?.Code);

    [Fact]
    public void A_form_of_many_parameters_is_refused_before_they_are_read() =>
        Assert.Equal("invalid_request", Form(string.Join('&', Enumerable.Range(0, 20_000).Select(i => $"p{i}=1"))).Error?.Code);

    private static Checked<RequestParameters> Form(string body) => RequestParameters.ReadForm(Encoding.Latin1.GetBytes(body));

    private static void Refused(params (string Name, string Value)[] pairs) => Assert.Equal(
        "invalid_request", RequestParameters.Read(pairs.Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value))).Error?.Code);
}
