using System.Reflection;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Schemas;
using FluentValidation;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>A field that is one of REST's operations: the same function, called with what the field was given.</summary>
internal sealed class OperationField
{
    private static readonly MethodInfo Answering = typeof(OperationField).GetMethod(nameof(AnswerAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo Checking = typeof(OperationField).GetMethod(nameof(CheckAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly Delegate _run;
    private readonly OperationParameters _parameters;
    private readonly Type _answer;
    private readonly Type _about;
    private readonly Func<object?, Task<Outcome<JsonElement>>> _await;
    private readonly Func<IServiceProvider, object, Problem?>? _check;

    /// <summary>Binds a function.</summary>
    /// <param name="operation">REST's name of the operation.</param>
    /// <param name="isMutation">Whether it changes anything.</param>
    /// <param name="run">The operation.</param>
    /// <param name="about">The class whose docstring describes it; the function's own when null.</param>
    public OperationField(string operation, bool isMutation, Delegate run, Type? about)
    {
        (Operation, IsMutation, _run, _about) = (operation, isMutation, run, about ?? run.Method.DeclaringType!);
        Name = isMutation ? operation : NameOf(operation);
        _parameters = new OperationParameters(run.Method);
        _answer = AnswerOf(run.Method.ReturnType);
        _await = Answering.MakeGenericMethod(_answer).CreateDelegate<Func<object?, Task<Outcome<JsonElement>>>>();
        _check = _parameters.BodyType is { } body ? Checking.MakeGenericMethod(body).CreateDelegate<Func<IServiceProvider, object, Problem?>>() : null;
    }

    /// <summary>REST's name.</summary>
    public string Operation { get; }

    /// <summary>Whether it changes anything.</summary>
    public bool IsMutation { get; }

    /// <summary>The field's name: of a mutation REST's, of a query what is got or listed.</summary>
    public string Name { get; }

    /// <summary>Writes the field.</summary>
    public void Write(StringBuilder text, WireTypes types, DocComments docs)
    {
        SchemaText.AppendDescribed(text, "  ", docs.Of(_about));
        text.Append("  ").Append(Name).Append('(');
        _parameters.Write(text, types);
        if (IsMutation)
        {
            text.Append(text[^1] == '(' ? "" : ", ").Append(FieldCall.KeyArgument).Append(": String, ").Append(FieldCall.DryRunArgument).Append(": Boolean = false");
        }
        text.Append(')').Replace("()", "", text.Length - 2, 2).Append(": ").Append(types.NameOf(_answer, Name, input: false));
        text.Append(IsMutation ? " @cost(weight: \"50\")" : _parameters.IsPaged ? " @cost(weight: \"20\")" : " @cost(weight: \"5\")");
        if (_parameters.IsPaged)
        {
            text.Append(" @listSize(slicingArguments: [\"first\"], sizedFields: [\"").AppendJoin("\", \"", WireTypes.ListsOf(_answer)).Append("\"], requireOneSlicingArgument: false)");
        }
        text.Append('\n');
    }

    /// <summary>Answers the field, or throws what refuses it.</summary>
    public async ValueTask<FieldValue> ResolveAsync(ResolverContext context, object? parent, Arguments arguments)
    {
        var call = FieldCall.Of(context, arguments);
        await call.Request.Services.Access.HoldAsync(Operation, call);
        var values = _parameters.Read(call);
        if (_check is not null && _check(call.Request.Http.RequestServices, values.First(value => value?.GetType() == _parameters.BodyType)!) is { } invalid)
        {
            throw Problems.ToException(FieldPointers.Of(invalid, _parameters.BodyType));
        }
        var outcome = await DatabaseReads.RunAsync(() => _await(_run.Method.Invoke(_run.Target, BindingFlags.DoNotWrapExceptions, null, values, null)));
        return outcome.Succeeded ? FieldValue.From(outcome.Value) : throw Problems.ToException(FieldPointers.Of(outcome.Problem!, _parameters.BodyType));
    }

    private static string NameOf(string operation)
    {
        var noun = operation.StartsWith("get", StringComparison.Ordinal) ? operation[3..] : operation.StartsWith("list", StringComparison.Ordinal) ? operation[4..] : operation;
        return char.ToLowerInvariant(noun[0]) + noun[1..];
    }

    private static Type AnswerOf(Type returned)
    {
        var type = returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>) ? returned.GetGenericArguments()[0] : returned;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Outcome<>) ? type.GetGenericArguments()[0] : type;
    }

    private static async Task<Outcome<JsonElement>> AnswerAsync<T>(object? returned)
        where T : notnull
    {
        var outcome = returned switch
        {
            Task<Outcome<T>> asked => await asked,
            Task<T> read => await read,
            _ => (T)returned!,
        };
        return outcome.Succeeded ? JsonSerializer.SerializeToElement(outcome.Value, DoorWire.Options) : outcome.Problem!;
    }

    private static Problem? CheckAs<T>(IServiceProvider services, object value) => Validation.Check(services.GetRequiredService<IValidator<T>>(), (T)value);
}
