using System.Globalization;
using System.Reflection;
using System.Text;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Preferences;
using CustobotGateway.Identity.Delegation;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>
/// What the parameters of an operation are filled from: a plain value from the argument of its name, <c>request</c> from the argument <c>input</c>, a list's query from one
/// argument for each member, the caller and its key from the request, all others from the gateway's services.
/// </summary>
internal sealed class OperationParameters
{
    /// <summary>The argument that holds what REST takes as its body.</summary>
    public const string Body = "input";

    private const int DefaultSize = 24;
    private const string First = "first";

    private readonly List<Func<FieldCall, object?>> _readers = [];
    private readonly List<(string Name, Type Type, bool Required)> _arguments = [];

    public OperationParameters(MethodInfo run)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var parameter in run.GetParameters())
        {
            Add(parameter, nullability);
        }
    }

    /// <summary>The type of the body; null where there is none.</summary>
    public Type? BodyType { get; private set; }

    /// <summary>Whether an argument says how many entries a page has.</summary>
    public bool IsPaged => _arguments.Exists(argument => argument.Name == First);

    /// <summary>The parameters' values for one asking.</summary>
    public object?[] Read(FieldCall call) => [.. _readers.Select(read => read(call))];

    /// <summary>Writes the arguments, each with a comma before it where it is not the first.</summary>
    public void Write(StringBuilder text, WireTypes types)
    {
        foreach (var (name, type, required) in _arguments)
        {
            text.Append(text[^1] == '(' ? "" : ", ").Append(name).Append(": ")
                .Append(name == First ? $"Int = {DefaultSize.ToString(CultureInfo.InvariantCulture)}" : types.NameOf(type, name, input: true) + (required ? "!" : ""));
        }
    }

    /// <summary>What REST's name of a parameter is called here: a page's size is <c>first</c>, as in all lists of the schema.</summary>
    public static string ArgumentOf(string name) => name is "size" or "limit" ? First : name;

    private void Add(ParameterInfo parameter, NullabilityInfoContext nullability)
    {
        var (name, type) = (parameter.Name!, parameter.ParameterType);
        if (name == FieldCall.KeyArgument)
        {
            _readers.Add(call => call.IdempotencyKey);
        }
        else if (name == "request")
        {
            BodyType = type;
            Take(Body, type, required: true);
        }
        else if (type is { Name: "Query", IsNested: true })
        {
            AddMembers(type);
        }
        else if (WireTypes.IsPlain(type) || type == typeof(BuyingPreferences))
        {
            Take(ArgumentOf(name), type, !parameter.HasDefaultValue && Nullable.GetUnderlyingType(type) is null && nullability.Create(parameter).WriteState != NullabilityState.Nullable);
        }
        else
        {
            _readers.Add(Given(type));
        }
    }

    private void Take(string argument, Type type, bool required)
    {
        _arguments.Add((argument, type, required));
        _readers.Add(call => call.Read(argument, type));
    }

    private void AddMembers(Type type)
    {
        var members = DoorWire.Options.GetTypeInfo(type).Properties.Select(member => (Argument: ArgumentOf(member.Name), Member: member.Name, member.PropertyType)).ToArray();
        _arguments.AddRange(members.Select(member => (member.Argument, member.PropertyType, false)));
        _readers.Add(call => call.Gather(members.Select(member => (member.Argument, member.Member)), type));
    }

    private static Func<FieldCall, object?> Given(Type type) =>
        type == typeof(AgentPrincipal) ? call => call.Agent
        : type == typeof(GrantActor) ? call => GrantActor.Of(call.Agent)
        : type == typeof(CancellationToken) ? call => call.CancellationToken
        : type == typeof(HttpContext) ? call => call.Request.Http
        // Nobody who asks in GraphQL names a version.
        : type == typeof(ETags) ? _ => ETags.None
        : call => call.Request.Http.RequestServices.GetRequiredService(type);
}
