import { cutText, type ErrorCode, type Logger } from '@highwater/model';
import { BodyError } from '@highwater/service/front-door';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ErrorReply } from '../contract.ts';
import { QueryRefusedError, StoreUnavailableError } from '@highwater/store-kit';
import { BusyError } from '../errors.ts';

/** A request of 128 KiB can have thousands of errors. A person reads the first few. */
const issuesMax = 10;
const messageCharactersMax = 8192;

interface Answer {
  readonly status: number;
  readonly body: ErrorReply;
}

/** Answers every error with its code and what a person can do about it. */
export function replyToErrors(server: FastifyInstance, log: Logger): void {
  server.setErrorHandler((error, request, reply) => {
    // A client that disconnected gets no answer.
    if (reply.raw.destroyed) return reply.code(499).send();
    const { status, body } = answerTo(error);
    if (status === 500) log.error({ err: error, path: request.url }, 'A request failed.');
    return reply.code(status).send(body);
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(answer(404, 'HW_DASHBOARD_NOT_FOUND', 'not found').body),
  );
}

function answerTo(error: unknown): Answer {
  if (error instanceof QueryRefusedError) {
    const { status, body } = answer(400, error.code, error.message);
    return { status, body: { error: { ...body.error, ...error.place } } };
  }
  if (error instanceof StoreUnavailableError) return answer(503, error.code, error.message);
  if (error instanceof BusyError) return answer(429, error.code, error.message);
  if (error instanceof BodyError) {
    const code = error.problem === 'no_room' ? 'HW_DASHBOARD_BUSY' : 'HW_DASHBOARD_REQUEST';
    return answer(error.statusCode, code, error.message);
  }
  if (error instanceof z.ZodError) {
    const issues = error.issues.slice(0, issuesMax);
    return answer(400, 'HW_DASHBOARD_REQUEST', z.prettifyError(new z.ZodError(issues)));
  }
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (status < 500) return answer(status, 'HW_DASHBOARD_REQUEST', message);
  return answer(500, 'HW_DASHBOARD_INTERNAL', 'the dashboard failed; see its log for the cause');
}

function answer(status: number, code: ErrorCode, message: string): Answer {
  return { status, body: { error: { code, message: cutText(message, messageCharactersMax) } } };
}

function statusOf(error: unknown): number {
  const isStatus = typeof error === 'object' && error !== null && 'statusCode' in error;
  return isStatus && typeof error.statusCode === 'number' ? error.statusCode : 500;
}
